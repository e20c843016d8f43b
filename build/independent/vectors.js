// @ts-check
// Reads the vectors as wasm/vectors/vectors.go describes them.

/** @typedef {import('./cbor.js').Bytes} Bytes */

/** @typedef {{ name: string, outcome: string, in: Record<string, string>, out?: Record<string, string> }} Case */
/** @typedef {{ object: string, about: string, common?: Record<string, string>, cases: Case[] }} File */

export const hex = (/** @type {Bytes} */ data) => Array.from(data, (b) => b.toString(16).padStart(2, '0')).join('');

/** Bytes of hexadecimal. */
export const octets = (/** @type {string} */ text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));

/** A list of bytes; "-" is an empty one. */
export const octetsList = (/** @type {string} */ text) => text.split(' ').filter(Boolean).map((e) => octets(e === '-' ? '' : e));

/** The cases of a file with everything common in its place. */
export function cases(/** @type {File} */ file) {
	const resolve = (/** @type {Record<string, string>} */ values) =>
		Object.fromEntries(Object.entries(values).map(([k, v]) => [k, v.replace(/@[a-z0-9-]+/g, (name) => file.common?.[name.slice(1)] ?? name)]));
	return file.cases.map((c) => ({ ...c, in: resolve(c.in), out: resolve(c.out ?? {}) }));
}
