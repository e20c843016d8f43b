// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { announce } from './announce.js';

/** @param {string} id @param {number | null} position @param {import('./contract.js').EntryState} state @returns {import('./contract.js').Entry} */
const own = (id, position, state) => ({ id, position, kind: 'message', own: true, sender: { account: '00', handle: 'me' }, time: 0, text: `text ${id}`, state });
const read = (/** @type {number} */ delivered, read = 0) => ({ delivered, read });

test('each state that is news is told once', () => {
  let { known, words } = announce(null, [own('a', null, 'waiting')], read(0));
  assert.equal(words, null);
  /** @param {import('./contract.js').Entry} entry @param {{ delivered: number, read: number }} conversation */
  const next = (entry, conversation) => {
    ({ known, words } = announce(known, [entry], conversation));
    return words;
  };
  assert.equal(next(own('a', null, 'sending'), read(0)), null);
  assert.equal(next(own('a', 1, 'sent'), read(0)), 'Sent: text a');
  assert.equal(next(own('a', 1, 'sent'), read(0)), null);
  assert.equal(next(own('a', 1, 'sent'), read(1)), 'Delivered: text a');
  assert.equal(next(own('a', 1, 'sent'), read(1, 1)), 'Read: text a');
});

test('of several the newest is told, and what failed before all', () => {
  const { known } = announce(null, [own('a', null, 'sending'), own('b', null, 'sending')], read(0));
  assert.equal(announce(known, [own('a', 1, 'sent'), own('b', 2, 'sent')], read(0)).words, 'Sent: text b');
  assert.equal(announce(known, [own('a', 1, 'sent'), own('b', null, 'sending')], read(0)).words, null);
  assert.equal(announce(known, [own('a', null, 'failed'), own('b', 1, 'sent')], read(0)).words, 'Not sent: text a');
});

test('what was not there before is not told', () => {
  const { known } = announce(null, [own('a', 1, 'sent')], read(0));
  assert.equal(announce(known, [own('a', 1, 'sent'), own('b', 2, 'sent')], read(0)).words, null);
});
