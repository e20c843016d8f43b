// @ts-check
// RSA keys that can be looked at: made by the browser like the chat's, but
// extractable, or made of primes that the engine has found.

import { toBase64, toBase64url } from './base64.js';

/** @typedef {import('./contract.js').Pair} Pair */
/** @typedef {import('./contract.js').RSA} RSA */

/** Whether the browser offers its cryptography here. */
export const subtle = () => globalThis.crypto?.subtle !== undefined;

const kind = { name: 'RSA-OAEP', hash: 'SHA-256' };

/** @param {string | undefined} text base64url */
const bytes = (text = '') => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));

/**
 * A new RSA-3072 key: its two primes.
 * @returns {Promise<Pair & { milliseconds: number }>}
 */
export async function makeKey() {
  const begun = performance.now();
  const pair = await crypto.subtle.generateKey({ ...kind, modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]) }, true, ['encrypt', 'decrypt']);
  const milliseconds = performance.now() - begun;
  const { p, q } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return { p: bytes(p), q: bytes(q), milliseconds };
}

/** @param {string} label @param {ArrayBuffer} der */
function pem(label, der) {
  const text = toBase64(new Uint8Array(der)).match(/.{1,64}/g)?.join('\n') ?? '';
  return `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----`;
}

/**
 * A number of a JWK in as few octets as it has (Base64urlUInt, RFC 7518 §2), zero in one; browsers refuse it otherwise. The
 * engine gives n and d as long as the modulus and the others as long as a prime. n, p and q always fill that; d, dp, dq
 * and qi need not (§6.3.2). In what is exported the browser writes them as DER does. Ciphertexts and signatures are no
 * numbers: they keep their zeros.
 * @param {Uint8Array} n
 */
export function shortest(n) {
  const first = n.findIndex((octet) => octet !== 0);
  return n.subarray(first < 0 ? -1 : first);
}

/** @param {Record<string, Uint8Array>} numbers @returns {JsonWebKey} */
const jwk = (numbers) => ({
  kty: 'RSA', e: 'AQAB', ext: true, ...Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, toBase64url(shortest(n))])),
});

/** A private key as openssl reads it. @param {RSA} key */
export async function privatePEM(key) {
  const held = await crypto.subtle.importKey('jwk', jwk({ ...key }), kind, true, ['decrypt']);
  return pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', held));
}

/** A public key as openssl reads it. @param {Uint8Array} n */
export async function publicPEM(n) {
  const held = await crypto.subtle.importKey('jwk', jwk({ n }), kind, true, ['encrypt']);
  return pem('PUBLIC KEY', await crypto.subtle.exportKey('spki', held));
}
