// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { encodeQR } from './qr.js';

// What these were compared with drew the same codes: the encoder of the package qr 0.7.0, with the same masks.
const small = '1fd37f 105541 17415d 175e5d 174a5d 104b41 1fd57f 1300 16ef4b ab959 6d267 f1a39 4748 1f52 1fd630 1055be 174d36 17594a 1753a4 1042f1 1fd864';
const sums = { 20: 781691645, 60: 1446651196, 120: 1644661407, 200: 1233006839, 300: -447775989, 412: -727071977 };

test('a small code, module by module', () => {
  assert.equal(encodeQR('sotto.example').map((row) => parseInt(row.map(Number).join(''), 2).toString(16)).join(' '), small);
});

test('codes of many versions', () => {
  for (const [n, sum] of Object.entries(sums)) {
    const text = Array.from({ length: Number(n) }, (_, i) => 'abcdefghijklmnop/#:.'[(i * 7 + Number(n)) % 20]).join('');
    assert.equal(encodeQR(text).flat().reduce((h, dark) => (Math.imul(h, 31) + Number(dark)) | 0, 7), sum, n);
  }
});

test('what does not fit is refused', () => {
  assert.throws(() => encodeQR('x'.repeat(413)), RangeError);
});
