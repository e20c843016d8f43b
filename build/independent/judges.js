// @ts-check
// For each object of the vectors what a reader makes of a case, with the names of the case's "out".

import { chain, code, handle, login, prekey, safetyNumber } from './account.js';
import { decode, encode } from './cbor.js';
import * as conversation from './conversation.js';
import { admittedSecret, groupID, groupState, join, leave, rejoin, roomLink } from './group.js';
import { compositeKey, encrypt0, opened, read, rsaKey, sign1, thumbprint, verified } from './objects.js';
import { Reader } from './reader.js';
import { Refusal } from './refusal.js';
import { decapsulate, expand, extract, hash, mac, modulus } from './suite.js';
import { cases, octets, octetsList } from './vectors.js';
import { frame } from './wire.js';
import persons from '../../wasm/vectors/data/person.json' with { type: 'json' };

/** @typedef {import('./cbor.js').Bytes} Bytes */

/** @typedef {Record<string, string>} In */
/** @typedef {Record<string, Bytes | Bytes[] | string | number | boolean>} Out */

const people = Object.fromEntries(cases(persons).map((p) => [p.in.name, {
	sign: octets(p.out.sign), decrypt: octets(p.out.decrypt), seed: octets(p.out.seed),
}]));

/** The thumbprint of the composite key of a holder and a seed (§4). */
async function prekeyOf(/** @type {Bytes} */ holder, /** @type {Bytes} */ seed) {
	const name = { name: 'ML-KEM-768' };
	const subtle = /** @type {any} */ (crypto.subtle);
	const pair = await subtle.importKey('raw-seed', seed, name, true, ['decapsulateBits']);
	const lattice = new Uint8Array(await subtle.exportKey('raw-public', await subtle.getPublicKey(pair, ['encapsulateBits'])));
	const der = [0x30, 0x82, 0x01, 0x8a, 0x02, 0x82, 0x01, 0x81, 0x00, ...modulus(holder), 2, 3, 1, 0, 1];
	return hash(encode(new Map(/** @type {[number, any][]} */ ([[1, 7], [3, -65538], [-1, Uint8Array.of(...lattice, ...der)]]))));
}

/** A reader of a case: between two, or in the group that the case names. */
async function reader(/** @type {In} */ i) {
	const names = i.conversation === undefined ? ['alice', 'bob'] : everyone;
	const chains = await Promise.all(names.map((name) => chain(octetsList(i[name]))));
	const person = people[i.reader];
	const seed = octets(i.seed);
	return Reader.begin({
		device: await thumbprint(modulus(person.sign)), holder: person.decrypt, seed, expiry: Number(i.expiry),
		prekey: await prekeyOf(person.decrypt, seed),
	}, chains, octets(i.conversation ?? ''));
}

const everyone = ['alice', 'bob', 'carol', 'dave'];
const crowd = (/** @type {In} */ i) => Promise.all(everyone.map((name) => chain(octetsList(i[name]))));

/** Shows a reader a case's log. */
async function show(/** @type {In} */ i) {
	return shown(await reader(i), i);
}

/** Shows a reader the events of a case. In a group it may have no keys of an epoch in between. */
async function shown(/** @type {Reader} */ r, /** @type {In} */ i) {
	const [kinds, events, wraps] = [i.kinds.split(' ').map(Number), octetsList(i.events), octetsList(i.wraps)];
	/** @type {any[]} */
	const messages = [];
	for (const [n, event] of events.entries()) {
		const last = n === events.length - 1;
		try {
			const { message, lost } = await r.open(kinds[n], event, wraps[n]);
			if (message) messages.push(message);
			if (lost && (last || i.conversation === undefined)) throw lost;
		} catch (e) {
			if (!last) throw new Error(`event ${n + 1} was refused: ${e}`);
			throw e;
		}
	}
	return { r, messages };
}

/** @type {Record<string, (i: In) => Promise<Out>>} */
export const judges = {
	'rsa-key': async (i) => {
		const n = rsaKey(read(octets(i.bytes), 420));
		return { modulus: n, thumbprint: await thumbprint(n) };
	},
	sign1: async (i) => {
		const o = await sign1(octets(i.bytes), i.type, 1 << 16);
		await verified(o, rsaKey(decode(octets(i.key))));
		return { payload: o.payload, kid: o.kid, hash: o.hash };
	},
	encrypt0: async (i) => {
		const o = encrypt0(octets(i.bytes), i.type, 1 << 16);
		const plaintext = await opened(o, octets(i.key), octets(i.external));
		return { plaintext, place: o.place === undefined ? '' : encode(o.place) };
	},
	expand: async (i) => ({ bytes: await expand(octets(i.secret), i.label, octets(i.context), Number(i.length)) }),
	extract: async (i) => ({ bytes: await extract(octets(i.salt), octets(i.input)) }),
	mac: async (i) => ({ bytes: await mac(octets(i.key), octets(i.message)) }),
	'composite-key': async (i) => {
		const value = read(octets(i.bytes), 1646);
		return { public: compositeKey(value), thumbprint: await hash(encode(value)) };
	},
	kem: async (i) => {
		const k = await decapsulate(people[i.holder].decrypt, octets(i.seed), octets(i.ciphertext));
		return { secret: k.secret, 'ml-kem-secret': k.first, 'rsa-secret': k.second };
	},
	person: async (i) => ({ ...people[i.name] }),
	chain: async (i) => {
		const c = await chain(octetsList(i.links));
		const last = c.hashes.length - 1;
		return { account: c.id, 'head-number': last, 'head-hash': c.hashes[last], active: c.active().map((d) => d.id) };
	},
	prekey: async (i) => {
		const k = await prekey(octets(i.bytes), rsaKey(decode(octets(i.key))));
		return { account: k.account, device: k.device, counter: k.counter, expiry: k.expiry, thumbprint: await hash(k.map) };
	},
	login: async (i) => login(octets(i.bytes), rsaKey(decode(octets(i.key))), i.origin, octets(i.nonce)),
	'safety-number': async (i) => ({ text: await safetyNumber(octets(i.a), octets(i.b)) }),
	code: async (i) => {
		const c = code(i.text);
		return {
			low: c.low, 'low-number': c.lowHead.number, 'low-hash': c.lowHead.hash,
			high: c.high, 'high-number': c.highHead.number, 'high-hash': c.highHead.hash,
		};
	},
	handle: async (i) => ({ text: handle(i.text) }),
	'direct-id': async (i) => ({ id: await conversation.directID(octets(i.a), octets(i.b)) }),
	'log-chain': async (i) => {
		const id = octets(i.conversation);
		const kinds = i.kinds.split(' ').map(Number);
		const log = [await conversation.logStart(id)];
		for (const [n, event] of octetsList(i.hashes).entries()) log.push(await conversation.logNext(id, n + 1, log[n], kinds[n], event));
		return { log };
	},
	header: async (i) => {
		const h = await conversation.header(read(octets(i.bytes), 131072));
		return {
			hash: h.hash, conversation: h.conversation, number: h.number, prev: h.prev, 'seen-position': h.seen[0], 'seen-log': h.seen[1],
			creator: h.creator, time: h.time, devices: h.slots.map((x) => x.device),
		};
	},
	commit: async (i) => {
		const c = await conversation.commit(octets(i.bytes));
		return { id: c.id, header: c.header.data, confirm: c.confirm, wraps: c.wraps };
	},
	'commit-rules': async (i) => {
		const chains = [await chain(octetsList(i.alice)), await chain(octetsList(i.bob))];
		const c = await conversation.commit(octets(i.bytes));
		await conversation.follows(c, i.before === '' ? null : await conversation.commit(octets(i.before)), chains);
		return { id: c.id };
	},
	schedule: async (i) => {
		const keys = await conversation.schedule(await extract(octets(i.init), octets(i['epoch-secret'])), octets(i['header-hash']));
		const device = octets(i.device);
		const chains = [await keys.chain(device)];
		for (const n of [0, 1]) chains.push(await conversation.nextChain(chains[n]));
		const messages = await Promise.all(chains.map(conversation.messageKey));
		return {
			joiner: keys.joiner, 'epoch-key': keys.epochKey, init: keys.init, confirm: keys.confirm, 'chain-0': chains[0],
			'message-0': messages[0], 'message-1': messages[1], 'message-2': messages[2], signal: await keys.signal(device),
		};
	},
	wrap: async (i) => {
		const w = await conversation.unwrap(octets(i.bytes), people[i.holder].decrypt, octets(i.seed), octets(i['header-hash']), octets(i.device), octets(i.link));
		return { content: w.content, secret: w.secret, 'kem-secret': w.kem, kek: w.kek };
	},
	padding: async (i) => ({ object: conversation.unpad(octets(i.bytes)) }),
	body: async (i) => conversation.body(octets(i.bytes)),
	opening: async (i) => {
		const { r, messages } = await show(i);
		return {
			bodies: messages.map((m) => m.body), clients: messages.map((m) => m.client), senders: messages.map((m) => m.sender), log: r.log[r.position],
			'aid-epoch-keys': r.epochKeys, 'aid-epochs': r.epochs, 'aid-message-keys': r.messageKeys,
		};
	},
	receipt: async (i) => {
		const { r } = await show(i);
		try {
			const receipt = await r.receipt(octets(i.signal));
			return { sender: receipt.sender, delivered: receipt.delivered, read: receipt.read, 'seen-position': receipt.seen };
		} catch (e) {
			throw conversation.cause(e);
		}
	},
	activity: async (i) => {
		const { r } = await show(i);
		try {
			return await r.activity(octets(i.signal));
		} catch (e) {
			throw e instanceof Refusal && e.outcome === 'newer' ? e : conversation.cause(e);
		}
	},
	frame: async (i) => frame(octets(i.bytes)),
	'group-id': async (i) => ({ id: await groupID(/** @type {any} */ (decode(octets(i.header)))) }),
	join: async (i) => {
		const j = await join(octets(i.bytes));
		await j.verify(await chain(octetsList(i.chain)));
		return {
			conversation: j.conversation, link: j.link, account: j.account, 'head-number': j.head.number, 'head-hash': j.head.hash, prekey: j.prekey,
			expiry: j.expiry, device: j.device, hash: j.hash, id: j.id,
		};
	},
	rejoin: async (i) => {
		const r = await rejoin(octets(i.bytes));
		await r.verify(await chain(octetsList(i.chain)));
		return { conversation: r.conversation, epoch: r.epoch, device: r.device };
	},
	leave: async (i) => {
		const l = await leave(octets(i.bytes), await conversation.commit(octets(i.before)), octetsList(i.left), await crowd(i));
		return { account: l.account, device: l.device, 'seen-position': l.seen[0] };
	},
	'room-link': async (i) => {
		const secret = octets(i.secret);
		return { ...(await roomLink(secret, octets(i.request))), 'aid-admitted': await admittedSecret(secret, octets(i['kem-secret'])) };
	},
	'group-state': async (i) => {
		const g = await groupState(octets(i.bytes), octets(i.joiner), octets(i.state), conversation.unpad);
		return { salt: g.salt, name: g.name, links: g.links, secrets: g.secrets, 'state-key': g.key };
	},
	'group-rules': async (i) => {
		const c = await conversation.commit(octets(i.bytes));
		await conversation.follows(c, await conversation.commit(octets(i.before)), await crowd(i), octetsList(i.left));
		return { id: c.id };
	},
	'group-opening': async (i) => {
		const { r, messages } = await show(i);
		return {
			bodies: messages.map((m) => m.body), senders: messages.map((m) => m.sender), log: r.log[r.position], name: r.name, gone: r.gone ? 1 : 0,
		};
	},
	entering: async (i) => {
		const r = await reader(i);
		r.link = octets(i.link);
		const kinds = i['before-kinds'].split(' ').filter(Boolean).map(Number);
		try {
			const { lost } = await r.enter(octets(i.event), octets(i.wrap), kinds, octetsList(i['before-hashes']));
			if (lost) throw lost;
		} catch (e) {
			throw conversation.cause(e);
		}
		const position = r.position;
		const { messages } = await shown(r, i);
		return { position, name: r.name, bodies: messages.map((m) => m.body), log: r.log[r.position] };
	},
};

