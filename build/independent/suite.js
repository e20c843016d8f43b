// @ts-check
// The parts of suite 1 (PROTOCOL.md §1) on crypto.subtle.

import { encode } from './cbor.js';
import { check, Refusal } from './refusal.js';
import { sha3 } from './sha3.js';

/** @typedef {import('./cbor.js').Bytes} Bytes */

const { subtle } = crypto;

/** Joins bytes. */
export function join(/** @type {Bytes[]} */ ...parts) {
	const joined = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
	let at = 0;
	for (const part of parts) {
		joined.set(part, at);
		at += part.length;
	}
	return joined;
}

export const utf8 = (/** @type {string} */ s) => new TextEncoder().encode(s);

export const hash = async (/** @type {Bytes} */ data) => new Uint8Array(await subtle.digest('SHA-256', data));

/** HMAC-SHA-256. */
export async function mac(/** @type {Bytes} */ key, /** @type {Bytes} */ message) {
	const imported = await subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
	return new Uint8Array(await subtle.sign('HMAC', imported, message));
}

/** HKDF-Extract (RFC 5869 §2.2). */
export const extract = mac;

/** Expand of §1. */
export async function expand(/** @type {Bytes} */ secret, /** @type {string} */ label, context = new Uint8Array(), length = 32) {
	const info = encode(['sotto/1', label, context, length]);
	let out = new Uint8Array();
	let block = new Uint8Array();
	for (let i = 1; out.length < length; i++) {
		block = await mac(secret, join(block, info, Uint8Array.of(i)));
		out = join(out, block);
	}
	return out.slice(0, length);
}

/** Opens AES-256-GCM, or refuses with decrypt. */
export async function open(/** @type {Bytes} */ key, /** @type {Bytes} */ nonce, /** @type {Bytes} */ associated, /** @type {Bytes} */ sealed) {
	const imported = await subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
	try {
		return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: associated, tagLength: 128 }, imported, sealed));
	} catch {
		throw new Refusal('decrypt', 'does not open');
	}
}

const base64url = (/** @type {Bytes} */ data) =>
	btoa(String.fromCharCode(...data)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** Verifies RSASSA-PSS with a salt of 32 bytes. n is the modulus. */
export async function verify(/** @type {Bytes} */ n, /** @type {Bytes} */ message, /** @type {Bytes} */ signature) {
	const jwk = { kty: 'RSA', n: base64url(n), e: 'AQAB', alg: 'PS256' };
	const key = await subtle.importKey('jwk', jwk, { name: 'RSA-PSS', hash: 'SHA-256' }, false, ['verify']);
	check(await subtle.verify({ name: 'RSA-PSS', saltLength: 32 }, key, signature, message), 'signature', 'does not verify');
}

/** The PKCS #8 form of a PKCS #1 private key (RFC 5208 §5, RFC 8017 §A.1). */
function pkcs8(/** @type {Bytes} */ pkcs1) {
	const der = (/** @type {number} */ tag, /** @type {Bytes[]} */ ...parts) => {
		const body = join(...parts);
		return join(Uint8Array.of(tag, 0x82, body.length >> 8, body.length & 255), body);
	};
	const rsaEncryption = Uint8Array.of(0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0);
	return der(0x30, Uint8Array.of(2, 1, 0), rsaEncryption, der(4, pkcs1));
}

/** The first INTEGER of a PKCS #1 key after its version: the modulus of an RSA-3072 key. */
export function modulus(/** @type {Bytes} */ pkcs1) {
	// SEQUENCE (4), version (3), INTEGER head (4), a zero
	return pkcs1.slice(12, 12 + 384);
}

/** Decapsulation of §4. holder is a PKCS #1 key, seed the 64 bytes of ML-KEM. */
export async function decapsulate(/** @type {Bytes} */ holder, /** @type {Bytes} */ seed, /** @type {Bytes} */ ciphertext) {
	check(ciphertext.length === 1472, 'decapsulate', 'length');
	const sealed = ciphertext.slice(1088);
	const rsa = await subtle.importKey('pkcs8', pkcs8(holder), { name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['decrypt']);
	const lattice = await subtle.importKey(/** @type {any} */ ('raw-seed'), seed, { name: 'ML-KEM-768' }, false, /** @type {any} */ (['decapsulateBits']));
	const second = await subtle.decrypt('RSA-OAEP', rsa, sealed).then((b) => new Uint8Array(b), () => null);
	const first = new Uint8Array(await /** @type {any} */ (subtle).decapsulateBits({ name: 'ML-KEM-768' }, lattice, ciphertext.slice(0, 1088)));
	if (second?.length !== 32) throw new Refusal('decapsulate', 'does not open');
	const secret = sha3(join(first, second, sealed, rsaDER(modulus(holder)), utf8('MLKEM768-RSAOAEP3072')));
	return { first, second, secret };
}

/** RSAPublicKey in DER, which has one form. */
export const rsaDER = (/** @type {Bytes} */ n) =>
	join(Uint8Array.of(0x30, 0x82, 0x01, 0x8a, 0x02, 0x82, 0x01, 0x81, 0x00), n, Uint8Array.of(2, 3, 1, 0, 1));
