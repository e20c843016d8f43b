// @ts-check
// A second implementation, written from PROTOCOL.md, reads every vector: it accepts and refuses the same, for the
// same reasons, and gets the same out of it.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { judges } from './judges.js';
import { Refusal } from './refusal.js';
import { cases, hex } from './vectors.js';
import activity from '../../wasm/vectors/data/activity.json' with { type: 'json' };
import body from '../../wasm/vectors/data/body.json' with { type: 'json' };
import chain from '../../wasm/vectors/data/chain.json' with { type: 'json' };
import code from '../../wasm/vectors/data/code.json' with { type: 'json' };
import commit from '../../wasm/vectors/data/commit.json' with { type: 'json' };
import commit_rules from '../../wasm/vectors/data/commit-rules.json' with { type: 'json' };
import composite_key from '../../wasm/vectors/data/composite-key.json' with { type: 'json' };
import direct_id from '../../wasm/vectors/data/direct-id.json' with { type: 'json' };
import encrypt0 from '../../wasm/vectors/data/encrypt0.json' with { type: 'json' };
import entering from '../../wasm/vectors/data/entering.json' with { type: 'json' };
import expand from '../../wasm/vectors/data/expand.json' with { type: 'json' };
import extract from '../../wasm/vectors/data/extract.json' with { type: 'json' };
import frame from '../../wasm/vectors/data/frame.json' with { type: 'json' };
import group_id from '../../wasm/vectors/data/group-id.json' with { type: 'json' };
import group_opening from '../../wasm/vectors/data/group-opening.json' with { type: 'json' };
import group_rules from '../../wasm/vectors/data/group-rules.json' with { type: 'json' };
import group_state from '../../wasm/vectors/data/group-state.json' with { type: 'json' };
import handle from '../../wasm/vectors/data/handle.json' with { type: 'json' };
import header from '../../wasm/vectors/data/header.json' with { type: 'json' };
import join from '../../wasm/vectors/data/join.json' with { type: 'json' };
import kem from '../../wasm/vectors/data/kem.json' with { type: 'json' };
import leave from '../../wasm/vectors/data/leave.json' with { type: 'json' };
import log_chain from '../../wasm/vectors/data/log-chain.json' with { type: 'json' };
import login from '../../wasm/vectors/data/login.json' with { type: 'json' };
import mac from '../../wasm/vectors/data/mac.json' with { type: 'json' };
import opening from '../../wasm/vectors/data/opening.json' with { type: 'json' };
import padding from '../../wasm/vectors/data/padding.json' with { type: 'json' };
import person from '../../wasm/vectors/data/person.json' with { type: 'json' };
import prekey from '../../wasm/vectors/data/prekey.json' with { type: 'json' };
import receipt from '../../wasm/vectors/data/receipt.json' with { type: 'json' };
import rejoin from '../../wasm/vectors/data/rejoin.json' with { type: 'json' };
import room_link from '../../wasm/vectors/data/room-link.json' with { type: 'json' };
import rsa_key from '../../wasm/vectors/data/rsa-key.json' with { type: 'json' };
import safety_number from '../../wasm/vectors/data/safety-number.json' with { type: 'json' };
import schedule from '../../wasm/vectors/data/schedule.json' with { type: 'json' };
import sign1 from '../../wasm/vectors/data/sign1.json' with { type: 'json' };
import wrap from '../../wasm/vectors/data/wrap.json' with { type: 'json' };

/** @type {import('./vectors.js').File[]} */
const files = /** @type {any} */ ([activity, body, chain, code, commit, commit_rules, composite_key, direct_id, encrypt0, entering, expand, extract, frame, group_id, group_opening, group_rules, group_state, handle, header, join, kem, leave, log_chain, login, mac, opening, padding, person, prekey, receipt, rejoin, room_link, rsa_key, safety_number, schedule, sign1, wrap]);

/** A result the way the vectors write it. */
const written = (/** @type {any} */ value) =>
	Array.isArray(value) ? value.map((e) => hex(e) || '-').join(' ') : value instanceof Uint8Array ? hex(/** @type {import('./cbor.js').Bytes} */ (value)) : String(value);

for (const file of files) {
	test(file.object, async () => {
		/** @type {string[]} */
		const wrong = [];
		let accepted = 0;
		for (const c of cases(file)) {
			let outcome = 'ok';
			/** @type {Record<string, any>} */
			let out = {};
			try {
				out = await judges[file.object](c.in);
			} catch (e) {
				outcome = e instanceof Refusal ? e.outcome : `${e}`;
			}
			if (outcome !== c.outcome) wrong.push(`${c.name}: ${outcome}, want ${c.outcome}`);
			else if (outcome === 'ok') {
				accepted++;
				for (const [name, want] of Object.entries(c.out)) {
					if (written(out[name]) !== want) wrong.push(`${c.name}: ${name} is ${written(out[name])}, want ${want}`);
				}
			}
		}
		assert.deepEqual(wrong, []);
		assert.ok(accepted > 0);
	});
}

test('every object is judged', () => {
	assert.deepEqual(files.map((f) => f.object).sort(), Object.keys(judges).sort());
});
