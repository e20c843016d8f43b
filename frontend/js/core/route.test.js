// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { handleFrom, hashOf, parseRoute } from './route.js';

const id = '0123456789abcdef0123456789abcdef';

test('an address names a conversation or the list', () => {
  for (const [hash, handle] of [
    ['', null], ['#', null], ['#/', null], ['#/with/alice', 'alice'], ['#/with/Alice', 'alice'], ['#/with/alice/', 'alice'],
    ['#/with/', null], ['#/with/a/b', null], ['#/with/%', null], ['#/with/%2e%2e', null], ['#/with/a%20b', 'a.b'], ['#/other', null],
  ]) assert.equal(parseRoute(hash ?? '').with, handle, hash ?? '');
  assert.equal(parseRoute(`#/talk/${id}`).talk, id);
  for (const bad of ['#/talk/', '#/talk/xyz', `#/talk/${id}0`, `#/talk/${id.toUpperCase()}`]) assert.equal(parseRoute(bad).talk, null, bad);
});

test('an address leads back to its route', () => {
  for (const route of [{ with: 'alice', talk: null }, { with: 'a.b-c_d', talk: null }, { with: null, talk: id }, { with: null, talk: null }]) {
    assert.deepEqual(parseRoute(hashOf(route)), route);
  }
});

test('a pasted invite link is as good as a name', () => {
  assert.equal(handleFrom('https://chat.example/#/with/bob'), 'bob');
  assert.equal(handleFrom('  http://localhost:8080/#/with/bob \n'), 'bob');
  assert.equal(handleFrom('Bob'), 'bob');
  assert.equal(handleFrom('https://chat.example/#/with/'), '');
});
