// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { noteOf } from './attention.js';

/** @param {number} unread @param {boolean} [own] @returns {import('./contract.js').Conversation} */
const talk = (unread, own = false) => ({
  id: '12', handle: 'bob', account: '', last: { text: '**tea** at\nfour?', time: 0, own, sender: 'bob' }, unread, activity: 0, draft: '', verified: false,
  delivered: 0, read: 0, blocked: null, kind: 'direct', name: '', role: '', members: 2, waiting: false, ended: '', lost: '', muted: false, pinned: false, marked: false, mentions: 0, online: [],
});

test('a notification tells as much as was chosen', () => {
  const hash = '#/talk/12';
  assert.deepEqual(noteOf(talk(0), talk(1), 'who'), { tag: '12', title: 'bob', body: '1 new message', hash });
  assert.deepEqual(noteOf(talk(1), talk(2), 'what'), { tag: '12', title: 'bob', body: 'tea at four?', hash });
  assert.deepEqual(noteOf(undefined, talk(2), 'bare'), { tag: '12', title: 'Sotto', body: '2 new messages', hash });
});

test('only what others wrote, and is new, is told', () => {
  assert.equal(noteOf(talk(1), talk(1), 'who'), null);
  assert.equal(noteOf(talk(3), talk(0), 'who'), null);
  assert.equal(noteOf(talk(0), talk(1, true), 'who'), null);
  assert.equal(noteOf(undefined, { ...talk(1), last: null }, 'who'), null);
});
