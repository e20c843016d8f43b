// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { isHandle, toHandle } from './handle.js';

test('a typed name becomes a handle', () => {
  for (const [typed, handle] of [
    ['alice', 'alice'], ['  Alice ', 'alice'], ['@Bob', 'bob'], ['Anna Müller', 'anna.muller'], ['Groß', 'gross'],
    ['Zoë  van Dam', 'zoe.van.dam'], ['ＡＬＩＣＥ', 'alice'],
  ]) assert.equal(toHandle(typed ?? ''), handle);
});

test('handles follow the rule of the server', () => {
  for (const good of ['a', '0', 'a.b', 'a-b_c', 'x'.repeat(32)]) assert.ok(isHandle(good), good);
  for (const bad of ['', '.a', 'a.', '-', 'A', 'ä', 'a b', 'a/b', 'x'.repeat(33)]) assert.ok(!isHandle(bad), bad);
});
