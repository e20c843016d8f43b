// @ts-check
// The frames of the relay: PROTOCOL.md §10.1.

import { encode } from './cbor.js';
import { read } from './objects.js';
import { check } from './refusal.js';
import * as s from './shape.js';

/** @typedef {import('./cbor.js').Bytes} Bytes */

const conversation = s.bytes(16);
const account = s.bytes(32);
const any = s.bytes();
const small = (/** @type {any} */ value) => {
	check(s.uint(value) < 256, 'malformed', 'kind');
	return value;
};
const event = s.tuple(s.uint, small, any, any);
const hashed = s.tuple(small, s.bytes(32));
const asked = s.tuple(any, any);
const place = s.tuple(conversation, s.uint, s.uint);

/** The bodies by kind. @type {Record<number, s.Shape<any>>} */
const bodies = {
	1: s.tuple(any, any, s.text, any),
	2: s.tuple(any),
	3: s.tuple(s.text),
	4: s.tuple(account, s.uint),
	5: s.tuple(any),
	6: s.tuple(conversation, any, s.list(any)),
	7: s.tuple(conversation, any),
	8: s.tuple(conversation, s.uint),
	9: s.tuple(any),
	10: s.tuple(conversation, any),
	11: s.tuple(conversation, s.uint),
	12: s.tuple(conversation, any, any),
	13: s.tuple(conversation, any),
	14: s.tuple(conversation, any),
	64: s.tuple(account, s.uint, s.text),
	65: s.tuple(s.uint, s.uint),
	66: s.tuple(),
	67: s.tuple(account),
	68: s.tuple(s.text, s.list(any), s.list(any), s.flag),
	69: s.tuple(s.list(place)),
	70: s.tuple(s.uint),
	71: s.tuple(s.list(event), place, s.list(any), s.list(hashed), s.list(asked)),
	72: s.tuple(s.list(place), s.flag),
	80: s.tuple(conversation, event),
	81: s.tuple(conversation, s.uint, any),
	82: s.tuple(conversation, any, any),
	83: s.tuple(conversation, any),
};

/** A frame with its body. */
export function frame(/** @type {Bytes} */ data) {
	const [kind, id, body] = s.tuple(s.uint, s.uint, s.any)(read(data, 1 << 20));
	check(bodies[kind], 'malformed', `kind ${kind}`);
	bodies[kind](body);
	return { kind, id, body: encode(body) };
}
