// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { missing } from './environment.js';
import { codeOf } from './errors.js';
import { hexGroups, toHex } from './hex.js';

test('the first thing a browser lacks is named', () => {
  const all = { secure: true, cryptography: true, webAssembly: true, indexedDB: true, locks: true };
  assert.equal(missing(all), null);
  assert.equal(missing({ ...all, secure: false, webAssembly: false }), 'insecure');
  assert.equal(missing({ ...all, cryptography: false }), 'insecure');
  assert.equal(missing({ ...all, webAssembly: false }), 'no-webassembly');
  assert.equal(missing({ ...all, indexedDB: false }), 'no-indexeddb');
  assert.equal(missing({ ...all, locks: false }), 'no-locks');
});

test('bytes as hexadecimal', () => {
  assert.equal(toHex(Uint8Array.of(0, 15, 255)), '000fff');
  assert.equal(hexGroups(Uint8Array.of(1, 2, 3, 4, 5)), '01020304 05');
  assert.equal(hexGroups(new Uint8Array()), '');
});

test('the code of an error', () => {
  assert.equal(codeOf({ code: 'offline' }), 'offline');
  for (const other of [null, undefined, new Error('x'), 'text', { code: 7 }]) assert.equal(codeOf(other), 'internal');
});
