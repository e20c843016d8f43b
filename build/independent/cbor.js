// @ts-check
// Deterministic CBOR as PROTOCOL.md §2 has it: integers, byte strings, texts, arrays, maps, false and true.

import { Refusal } from './refusal.js';

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {number | bigint | Bytes | string | boolean | Value[] | Map<number | bigint, Value>} Value */

/** Takes one item, which must be in the one right encoding and end where the bytes end. */
export function decode(/** @type {Bytes} */ bytes) {
	const reader = { bytes, at: 0 };
	const value = item(reader, 0);
	if (reader.at !== bytes.length) throw malformed('bytes behind the item');
	return value;
}

const malformed = (/** @type {string} */ why) => new Refusal('malformed', why);

/** @typedef {{ bytes: Bytes, at: number }} Reader */

/** @returns {Value} */
function item(/** @type {Reader} */ r, /** @type {number} */ depth) {
	if (depth > 16) throw malformed('nested too deep');
	if (r.at >= r.bytes.length) throw malformed('no item');
	const major = r.bytes[r.at] >> 5;
	if (major === 7) return flag(r);
	const argument = head(r);
	switch (major) {
		case 0: return argument;
		case 1: return typeof argument === 'number' ? -1 - argument : -1n - argument;
		case 2: return take(r, Number(argument));
		case 3: return text(take(r, Number(argument)));
		case 4: return list(r, Number(argument), depth);
		case 5: return pairs(r, Number(argument), depth);
	}
	throw malformed('a tag');
}

function flag(/** @type {Reader} */ r) {
	const byte = r.bytes[r.at++];
	if (byte !== 0xf4 && byte !== 0xf5) throw malformed('a simple value or float');
	return byte === 0xf5;
}

/** The argument of a head, in its shortest form. */
function head(/** @type {Reader} */ r) {
	const low = r.bytes[r.at++] & 31;
	if (low < 24) return low;
	if (low > 27) throw malformed('an indefinite length');
	let value = 0n;
	for (const byte of take(r, 1 << (low - 24))) value = (value << 8n) | BigInt(byte);
	if (value < [24n, 1n << 8n, 1n << 16n, 1n << 32n][low - 24]) throw malformed('a head that is too long');
	return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function take(/** @type {Reader} */ r, /** @type {number} */ n) {
	if (n > r.bytes.length - r.at) throw malformed('cut off');
	r.at += n;
	return r.bytes.slice(r.at - n, r.at);
}

function text(/** @type {Bytes} */ bytes) {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw malformed('not UTF-8');
	}
}

function list(/** @type {Reader} */ r, /** @type {number} */ n, /** @type {number} */ depth) {
	/** @type {Value[]} */
	const values = [];
	for (let i = 0; i < n; i++) values.push(item(r, depth + 1));
	return values;
}

function pairs(/** @type {Reader} */ r, /** @type {number} */ n, /** @type {number} */ depth) {
	/** @type {Map<any, Value>} */
	const map = new Map();
	let before = new Uint8Array();
	for (let i = 0; i < n; i++) {
		const from = r.at;
		const key = item(r, depth + 1);
		const bytes = r.bytes.slice(from, r.at);
		if (i > 0 && compare(before, bytes) >= 0) throw malformed('keys out of order');
		before = bytes;
		map.set(key, item(r, depth + 1));
	}
	return map;
}

/** Compares bytes as numbers, from the first on. */
export function compare(/** @type {Bytes} */ a, /** @type {Bytes} */ b) {
	for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i];
	return a.length - b.length;
}

/** Gives the one encoding of a value; a map's keys must be in order. */
export function encode(/** @type {Value} */ value) {
	/** @type {number[]} */
	const out = [];
	write(out, value);
	return Uint8Array.from(out);
}

function write(/** @type {number[]} */ out, /** @type {Value} */ value) {
	if (typeof value === 'boolean') out.push(value ? 0xf5 : 0xf4);
	else if (typeof value === 'number' || typeof value === 'bigint') {
		const n = BigInt(value);
		if (n >= 0n) writeHead(out, 0, n);
		else writeHead(out, 1, -1n - n);
	} else if (typeof value === 'string') writeBytes(out, 3, new TextEncoder().encode(value));
	else if (value instanceof Uint8Array) writeBytes(out, 2, value);
	else if (value instanceof Map) {
		writeHead(out, 5, BigInt(value.size));
		for (const [key, inner] of value) {
			write(out, key);
			write(out, inner);
		}
	} else {
		writeHead(out, 4, BigInt(value.length));
		for (const inner of value) write(out, inner);
	}
}

function writeBytes(/** @type {number[]} */ out, /** @type {number} */ major, /** @type {Bytes} */ bytes) {
	writeHead(out, major, BigInt(bytes.length));
	for (const byte of bytes) out.push(byte);
}

function writeHead(/** @type {number[]} */ out, /** @type {number} */ major, /** @type {bigint} */ n) {
	if (n < 24n) {
		out.push((major << 5) | Number(n));
		return;
	}
	const size = n < 1n << 8n ? 0 : n < 1n << 16n ? 1 : n < 1n << 32n ? 2 : 3;
	out.push((major << 5) | (24 + size));
	for (let shift = (1 << size) - 1; shift >= 0; shift--) out.push(Number((n >> BigInt(8 * shift)) & 0xffn));
}
