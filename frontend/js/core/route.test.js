// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { handleFrom, hashFor, parseRoute } from './route.js';

test('an address names a conversation or the list', () => {
  for (const [hash, handle] of [
    ['', null], ['#', null], ['#/', null], ['#/with/alice', 'alice'], ['#/with/Alice', 'alice'], ['#/with/alice/', 'alice'],
    ['#/with/', null], ['#/with/a/b', null], ['#/with/%', null], ['#/with/%2e%2e', null], ['#/with/a%20b', 'a.b'], ['#/other', null],
  ]) assert.equal(parseRoute(hash ?? '').with, handle, hash ?? '');
});

test('an address leads back to its route', () => {
  for (const handle of ['alice', 'a.b-c_d', null]) assert.equal(parseRoute(hashFor(handle)).with, handle);
});

test('a pasted invite link is as good as a name', () => {
  assert.equal(handleFrom('https://chat.example/#/with/bob'), 'bob');
  assert.equal(handleFrom('  http://localhost:8080/#/with/bob \n'), 'bob');
  assert.equal(handleFrom('Bob'), 'bob');
  assert.equal(handleFrom('https://chat.example/#/with/'), '');
});
