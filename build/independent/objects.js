// @ts-check
// COSE objects and keys: PROTOCOL.md §3 and §4.

import { decode, encode } from './cbor.js';
import { check } from './refusal.js';
import * as s from './shape.js';
import { hash, open, verify } from './suite.js';

/** @typedef {import('./cbor.js').Bytes} Bytes */

export const prefix = 'application/vnd.sotto.';

/** Decodes at most limit bytes. */
export function read(/** @type {Bytes} */ data, /** @type {number} */ limit) {
	check(data.length <= limit, 'too-large', `${data.length} bytes`);
	return decode(data);
}

/** An RSA public key (§3.1): its modulus. */
export function rsaKey(/** @type {any} */ value) {
	check(encode(value).length <= 420, 'too-large', 'RSA key');
	const [kty, n, e] = s.record([1, s.uint], [-1, s.bytes()], [-2, s.bytes()])(value);
	check(kty === 3 && n.length === 384 && n[0] & 0x80 && n[383] & 1, 'key', 'not RSA-3072');
	check(e.length === 3 && e[0] === 1 && e[1] === 0 && e[2] === 1, 'key', 'exponent');
	return n;
}

/** The map of an RSA public key. */
export const rsaMap = (/** @type {Bytes} */ n) => encode(new Map(/** @type {[number, any][]} */ ([[1, 3], [-1, n], [-2, Uint8Array.of(1, 0, 1)]])));

/** A key's name. */
export const thumbprint = (/** @type {Bytes} */ n) => hash(rsaMap(n));

export const same = (/** @type {Bytes} */ a, /** @type {Bytes} */ b) => a.length === b.length && a.every((x, i) => x === b[i]);

/** A composite public key (§4): its 1,582 bytes. */
export function compositeKey(/** @type {any} */ value) {
	check(encode(value).length <= 1646, 'too-large', 'composite key');
	check(value instanceof Map && value.size === 3 && value.has(1) && value.has(3) && value.has(-1), 'malformed', 'want three fields');
	const kty = s.uint(value.get(1));
	check(typeof value.get(3) === 'number', 'malformed', 'algorithm');
	const key = s.bytes()(value.get(-1));
	check(kty === 7 && value.get(3) === -65538 && key.length === 1582, 'key', 'type, algorithm or length');
	for (let i = 0; i < 1152; i += 3) {
		check((key[i] | ((key[i + 1] & 15) << 8)) < 3329 && ((key[i + 1] >> 4) | (key[i + 2] << 4)) < 3329, 'key', 'not reduced');
	}
	const der = key.slice(1184);
	const head = [0x30, 0x82, 0x01, 0x8a, 0x02, 0x82, 0x01, 0x81, 0x00];
	const tail = [2, 3, 1, 0, 1];
	check(head.every((x, i) => der[i] === x) && tail.every((x, i) => der[393 + i] === x), 'key', 'DER');
	check(der[9] & 0x80 && der[392] & 1, 'key', 'modulus');
	return key;
}

/** A COSE_Sign1 (§3.2) of a type, not yet verified. */
export async function sign1(/** @type {Bytes} */ data, /** @type {string} */ type, /** @type {number} */ limit) {
	const [header, unprotected, payload, signature] = s.tuple(s.bytes(), s.any, s.bytes(), s.bytes())(read(data, limit));
	check(unprotected instanceof Map, 'malformed', 'unprotected header');
	const fields = read(header, 256);
	check(fields instanceof Map && fields.size === 3, 'malformed', 'protected header');
	check(typeof fields.get(1) === 'number', 'malformed', 'algorithm');
	const kid = s.bytes()(fields.get(4));
	const typ = s.text(fields.get(16));
	check(fields.get(1) === -37, 'malformed', 'algorithm');
	check(typ === type, 'type', typ);
	check(unprotected.size === 0, 'malformed', 'unprotected header');
	check(kid.length === 32 && signature.length === 384, 'malformed', 'kid or signature');
	const signed = encode(['Signature1', header, new Uint8Array(), payload]);
	return { kid, payload, signature, signed, hash: await hash(signed) };
}

/** Verifies a COSE_Sign1 with a modulus. */
export async function verified(/** @type {Awaited<ReturnType<typeof sign1>>} */ object, /** @type {Bytes} */ n) {
	check(same(await thumbprint(n), object.kid), 'signature', 'another key');
	await verify(n, object.signed, object.signature);
}

/** A COSE_Encrypt0 (§3.3) of a type, not yet opened. */
export function encrypt0(/** @type {Bytes} */ data, /** @type {string} */ type, /** @type {number} */ limit) {
	const [header, unprotected, ciphertext] = s.tuple(s.bytes(), s.any, s.bytes())(read(data, limit));
	check(unprotected instanceof Map, 'malformed', 'unprotected header');
	const fields = read(header, 256);
	check(fields instanceof Map && fields.size === (fields.has(-65537) ? 4 : 3), 'malformed', 'protected header');
	check(typeof fields.get(1) === 'number', 'malformed', 'algorithm');
	const nonce = s.bytes()(fields.get(5));
	const typ = s.text(fields.get(16));
	check(fields.get(1) === 3, 'malformed', 'algorithm');
	check(typ === type, 'type', typ);
	check(unprotected.size === 0, 'malformed', 'unprotected header');
	check(nonce.length === 12 && ciphertext.length >= 16, 'malformed', 'nonce or ciphertext');
	return { header, nonce, ciphertext, place: fields.get(-65537) };
}

/** Opens a COSE_Encrypt0. */
export const opened = (/** @type {ReturnType<typeof encrypt0>} */ object, /** @type {Bytes} */ key, /** @type {Bytes} */ external) =>
	open(key, object.nonce, encode(['Encrypt0', object.header, external]), object.ciphertext);

/** A sealed object with its place. */
export function sealed(/** @type {Bytes} */ data, /** @type {string} */ type, /** @type {number} */ limit) {
	const object = encrypt0(data, type, limit);
	check(object.place !== undefined && encode(object.place).length <= 64, 'malformed', 'place');
	const [conversation, number, index, generation] = s.tuple(s.bytes(16), s.uint, s.uint, s.uint)(object.place);
	return { ...object, conversation, number, index, generation };
}
