// @ts-check
// What a decoded value must look like. Each shape returns the value or refuses it as malformed.

import { check } from './refusal.js';

/** @typedef {import('./cbor.js').Bytes} Bytes */

/** @template T @typedef {(value: any) => T} Shape */

/** An unsigned integer; as a number also where it is too large to be one exactly. @type {Shape<number>} */
export function uint(value) {
	check(typeof value === 'number' || typeof value === 'bigint', 'malformed', 'want an integer');
	check(value >= 0, 'malformed', 'want an unsigned integer');
	return Number(value);
}

/** Bytes of one of the sizes, or of any when none is given. @returns {Shape<Bytes>} */
export const bytes = (/** @type {number[]} */ ...sizes) => (value) => {
	check(value instanceof Uint8Array, 'malformed', 'want bytes');
	check(sizes.length === 0 || sizes.includes(value.length), 'malformed', `want ${sizes} bytes`);
	return /** @type {Bytes} */ (value);
};

/** A text. @type {Shape<string>} */
export function text(value) {
	check(typeof value === 'string', 'malformed', 'want a text');
	return value;
}

/** False or true. @type {Shape<boolean>} */
export function flag(value) {
	check(typeof value === 'boolean', 'malformed', 'want a flag');
	return value;
}

/** Anything. @type {Shape<any>} */
export const any = (value) => value;

/** An array of exactly these. @returns {Shape<any[]>} */
export const tuple = (/** @type {Shape<any>[]} */ ...shapes) => (value) => {
	check(Array.isArray(value) && value.length === shapes.length, 'malformed', `want ${shapes.length} elements`);
	return shapes.map((shape, i) => shape(value[i]));
};

/** An array of any number of one. @template T @returns {Shape<T[]>} */
export const list = (/** @type {Shape<T>} */ shape) => (value) => {
	check(Array.isArray(value), 'malformed', 'want an array');
	return value.map(shape);
};

/** A map with exactly these keys. @returns {Shape<any[]>} */
export const record = (/** @type {[number, Shape<any>][]} */ ...fields) => (value) => {
	check(value instanceof Map && value.size === fields.length, 'malformed', `want a map of ${fields.length}`);
	return fields.map(([key, shape]) => {
		check(value.has(key), 'malformed', `want the key ${key}`);
		return shape(value.get(key));
	});
};
