import assert from 'node:assert/strict';
import { test } from 'node:test';

test('passes', () => assert.equal(1, 1));
test('fails', () => assert.equal(1, 2));
test('passes later', async () => {
  await new Promise((done) => setTimeout(done));
});
test('fails later', async () => {
  await new Promise((done) => setTimeout(done));
  throw new Error('too late');
});
test('throws a string', () => {
  throw 'plain';
});
test('throws an error', () => {
  throw new TypeError('null is not a thing');
});
test('has a page', () => assert.ok(document.createElement('p') instanceof HTMLElement));
