// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { privatePEM, publicPEM, shortest } from './keys.js';

test('a number has no leading zeros, and zero is one octet', () => {
  /** @type {[number[], number[]][]} */
  const cases = [[[1, 0, 2], [1, 0, 2]], [[0, 1], [1]], [[0, 0, 0, 255, 0], [255, 0]], [[7], [7]], [[0], [0]], [[0, 0], [0]]];
  for (const [octets, want] of cases) assert.deepEqual([...shortest(Uint8Array.from(octets))], want, String(octets));
});

// A key whose d and dq are shorter than the modulus and than the primes, as one in some hundred is.
const p = 0xccb43469cb76249b82f9f6498c8686f7b6598071570982e0005c501b9c498b67ced2fb34fefd9c1838c1283f58f1f711e666105e1f29f095c27011e3ecb8cbd5n;
const q = 0xfcef2f032427a7c7d38f61c40f60b8a2a1a56e1903d6900f55dce11cf6fbd6e78f364cd7ccea0b70fc1758805f591d6a255e7516735185263dbb2123eb3c67b7n;

/** The same key as Go's crypto/x509 writes it. */
const PRIVATE = `-----BEGIN PRIVATE KEY-----
MIICdAIBADANBgkqhkiG9w0BAQEFAASCAl4wggJaAgEAAoGBAMpApWyrslXpiWPc
0fbjKLODwlbJ4yAEQyOy4YxcHzwxHzSO0Pogg7X18Kr0535AmXJjn4kOkjSE8SnQ
Bg6jvDVO6+h2JUSw5yTYKh59fIfrGuS2NrC7bJaYEHtE/H1xtDvn+j2dhHUHWt/n
vWyg4lGoUidSvp1g01Yp77ffCGhDAgMBAAECfythVTE/onT5c8RUr/oV1kfwhnii
pkMgeF1eXesC7pjjNitVjdpG8ITQ9baeFqvmdQMrQ8bcE2ikvf4LWocPIyBG6ozk
Jvrqws7xu+5AFzk9AgUBK/Wbc83gf++/FtJjwLMbyxx+8GjF679NnaizSlueIU5o
KlTtjBPOj5LU2mECQQDMtDRpy3Ykm4L59kmMhob3tlmAcVcJguAAXFAbnEmLZ87S
+zT+/ZwYOMEoP1jx9xHmZhBeHynwlcJwEePsuMvVAkEA/O8vAyQnp8fTj2HED2C4
oqGlbhkD1pAPVdzhHPb71uePNkzXzOoLcPwXWIBfWR1qJV51FnNRhSY9uyEj6zxn
twJACAsAkDOVVcTidY3Ov/29Kdh5VcmeQNpqkLkP0LXoUdjnUHTcVTSDwJPiSwGK
Lh+mDWZvODODQ1evBxY83V05bQJAAJkkOFKukVQEqRMnHo4xAZl2RbNjce93SdGy
6pme8NwtV4iI/iATlNnTyE7Nau2J4bq+diYhrDnx7W5fol/LMwJBALiMWioEC95b
snyoQz3pqoAoO27/muNF5t1WcxeDV+n1GZJqhGsW6EQdZLk1l7sL/qzVrP59m2OQ
VfB9A2gX4dQ=
-----END PRIVATE KEY-----`;
const PUBLIC = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDKQKVsq7JV6Ylj3NH24yizg8JW
yeMgBEMjsuGMXB88MR80jtD6IIO19fCq9Od+QJlyY5+JDpI0hPEp0AYOo7w1Tuvo
diVEsOck2CoefXyH6xrktjawu2yWmBB7RPx9cbQ75/o9nYR1B1rf571soOJRqFIn
Ur6dYNNWKe+33whoQwIDAQAB
-----END PUBLIC KEY-----`;

/** @param {bigint} a @param {bigint} m @returns {bigint} its inverse */
function inverse(a, m) {
  let [r, s, x, y] = [m, a % m, 0n, 1n];
  while (s > 0n) [r, s, x, y] = [s, r % s, y, x - (r / s) * y];
  return ((x % m) + m) % m;
}

/** A number in so many octets, as the engine gives all of a key. @param {bigint} n @param {number} length */
const octets = (n, length) => Uint8Array.from({ length }, (_, i) => Number((n >> BigInt(8 * (length - 1 - i))) & 255n));

/** @param {bigint} a @param {bigint} b @returns {bigint} */
const gcd = (a, b) => (b === 0n ? a : gcd(b, a % b));

const d = inverse(65537n, ((p - 1n) * (q - 1n)) / gcd(p - 1n, q - 1n));
const key = {
  n: octets(p * q, 128), d: octets(d, 128), p: octets(p, 64), q: octets(q, 64),
  dp: octets(d % (p - 1n), 64), dq: octets(d % (q - 1n), 64), qi: octets(inverse(q, p), 64),
};

test('a key with short numbers is read by the browser and written as elsewhere', async () => {
  assert.equal(key.d[0], 0);
  assert.equal(key.dq[0], 0);
  assert.equal(await privatePEM(key), PRIVATE);
  assert.equal(await publicPEM(key.n), PUBLIC);
  const padded = Object.fromEntries(Object.entries(key).map(([name, n]) => [name, Uint8Array.of(0, 0, ...n)]));
  assert.equal(await privatePEM(/** @type {typeof key} */ (padded)), PRIVATE);
});
