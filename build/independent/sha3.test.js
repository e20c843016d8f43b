// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { sha3 } from './sha3.js';
import { utf8 } from './suite.js';
import { hex } from './vectors.js';

// FIPS 202 examples.
test('SHA3-256', () => {
	assert.equal(hex(sha3(utf8(''))), 'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a');
	assert.equal(hex(sha3(utf8('abc'))), '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532');
	assert.equal(hex(sha3(new Uint8Array(200).fill(0xa3))), '79f38adec5c20307a98ef76e8324afbfd46cfd81b22e3973c65fa1bd9de31787');
});
