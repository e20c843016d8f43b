// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Formatter } from './time.js';
import { arrivals, firstUnread, merge, put, refresh, rowsOf, statusOf } from './timeline.js';

/** @typedef {import('./contract.js').Entry} Entry */

const format = new Formatter({ locale: 'en', timeZone: 'UTC' });
const noon = Date.parse('2026-03-10T12:00:00Z');
const conversation = { delivered: 0, read: 0 };

/** @param {number | null} position @param {Partial<Entry>} [more] @returns {Entry} */
function message(position, more = {}) {
  const own = more.own ?? false;
  return { id: `m${position}`, position, kind: 'message', own, sender: own ? { account: '00', handle: 'me' } : { account: '01', handle: 'bob' }, time: noon + (position ?? 0) * 1000, text: 'x', ...more };
}

/** @param {readonly Entry[]} entries */
const ids = (entries) => entries.map((e) => e.id);

test('entries stand by position, those without one last', () => {
  const waiting = message(null, { id: 'w', own: true, state: 'waiting' });
  let entries = put([message(1), message(3)], waiting);
  entries = put(entries, message(2));
  entries = put(entries, message(4));
  assert.deepEqual(ids(entries), ['m1', 'm2', 'm3', 'm4', 'w']);
});

test('a sent message moves to its place and keeps its id', () => {
  const before = [message(1), message(null, { id: 'a', own: true }), message(null, { id: 'b', own: true })];
  const after = put(put(before, message(2)), message(3, { id: 'a', own: true, state: 'sent' }));
  assert.deepEqual(ids(after), ['m1', 'm2', 'a', 'b']);
  assert.equal(before.length, 3);
});

test('an entry that is already there changes in place', () => {
  const entries = put([message(1), message(2)], message(1, { text: 'new' }));
  assert.deepEqual(ids(entries), ['m1', 'm2']);
  assert.equal(entries[0]?.text, 'new');
});

test('a page goes in front, and what events brought wins', () => {
  const merged = merge([message(3, { text: 'event' }), message(null, { id: 'w' })], [message(1), message(2), message(3, { text: 'page' })]);
  assert.deepEqual(ids(merged), ['m1', 'm2', 'm3', 'w']);
  assert.equal(merged[2]?.text, 'event');
});

test('the newest page joins what is known, or replaces it across a gap', () => {
  const joined = refresh([message(1), message(2), message(3)], [message(2), message(3, { text: 'new' }), message(4)]);
  assert.deepEqual([ids(joined.entries), joined.joined], [['m1', 'm2', 'm3', 'm4'], true]);
  assert.equal(joined.entries[2]?.text, 'new');
  const gap = refresh([message(1), message(2)], [message(9)]);
  assert.deepEqual([ids(gap.entries), gap.joined], [['m9'], false]);
});

test('a message that was discarded while away is gone', () => {
  const known = [message(1), message(null, { id: 'w', own: true, state: 'waiting' })];
  assert.deepEqual(ids(refresh(known, [message(1)]).entries), ['m1']);
});

test('states of own messages', () => {
  const seen = { delivered: 4, read: 2 };
  for (const [position, state, status] of /** @type {const} */ ([
    [null, 'waiting', 'waiting'], [null, 'sending', 'sending'], [null, 'failed', 'failed'],
    [5, 'sent', 'sent'], [4, 'sent', 'delivered'], [2, 'sent', 'read'],
  ])) assert.equal(statusOf(message(position, { own: true, state }), seen), status);
  assert.equal(statusOf(message(1), seen), null);
});

test('the unread marker stands above the first of the newest n', () => {
  const entries = [message(1), message(2), message(3, { own: true }), message(4), message(5, { kind: 'notice' })];
  assert.equal(firstUnread(entries, 1), 'm4');
  assert.equal(firstUnread(entries, 2), 'm2');
  assert.equal(firstUnread(entries, 0), null);
  assert.equal(firstUnread(entries, 9), null);
});

test('neighbours within five minutes form a group', () => {
  const minute = 60_000;
  const times = [0, 4 * minute, 9 * minute, 15 * minute];
  const entries = times.map((t, i) => message(i + 1, { time: noon + t }));
  const rows = rowsOf([...entries, message(9, { own: true, time: noon + 15 * minute })], { conversation, unreadFrom: null, format, now: noon });
  const groups = rows.flatMap((r) => (r.kind === 'message' ? [[r.key, r.first, r.last]] : []));
  assert.deepEqual(groups, [['m1', true, false], ['m2', false, false], ['m3', false, true], ['m4', true, true], ['m9', true, true]]);
});

test('days, the unread marker and notices part groups', () => {
  const entries = [
    message(1, { time: noon - 86_400_000 }), message(2), message(3), message(4, { kind: 'notice', notice: { code: 'opened', detail: {} } }), message(5),
  ];
  const rows = rowsOf(entries, { conversation, unreadFrom: 'm3', format, now: noon });
  assert.deepEqual(rows.map((r) => r.kind), ['day', 'message', 'day', 'message', 'unread', 'message', 'notice', 'message']);
  for (const row of rows) if (row.kind === 'message') assert.ok(row.first && row.last);
});

test('arrivals are what is new, not what was loaded from before', () => {
  const known = [message(5), message(6)];
  const own = message(null, { id: 'w', own: true });
  assert.deepEqual(ids(arrivals(known, [message(4), ...known, message(7), own])), ['m7', 'w']);
  assert.deepEqual(arrivals(known, known), []);
});
