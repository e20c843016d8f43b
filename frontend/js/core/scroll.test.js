// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { MAX, NEAR, PAGE, around, carry, distanceToEnd, down, isNear, newest, onAdded, up } from './scroll.js';

test('near is within 80 pixels of the end', () => {
  const box = { height: 500, content: 2000 };
  assert.equal(NEAR, 80);
  assert.ok(isNear({ ...box, top: 1500 }));
  assert.ok(isNear({ ...box, top: 1420 }));
  assert.ok(!isNear({ ...box, top: 1419 }));
  assert.equal(distanceToEnd({ ...box, top: 1600 }), 0);
});

test('new entries are followed near the end or when they are own, and counted otherwise', () => {
  assert.deepEqual(onAdded({ near: true, own: false, others: 2 }), { follow: true, count: 0 });
  assert.deepEqual(onAdded({ near: false, own: true, others: 2 }), { follow: true, count: 0 });
  assert.deepEqual(onAdded({ near: false, own: false, others: 2 }), { follow: false, count: 2 });
});

test('what is drawn never exceeds its limit while scrolling', () => {
  let span = newest(1000);
  assert.deepEqual(span, { from: 950, to: 1000 });
  for (let i = 0; i < 30; i++) {
    span = up(span);
    assert.ok(span.to - span.from <= MAX && span.from >= 0);
  }
  assert.deepEqual(span, { from: 0, to: MAX });
  for (let i = 0; i < 30; i++) span = down(span, 1000);
  assert.deepEqual(span, { from: 1000 - MAX, to: 1000 });
});

test('a span around an entry holds it', () => {
  for (const index of [0, 5, 500, 999]) {
    const { from, to } = around(index, 1000);
    assert.ok(from <= index && index < to && to - from === PAGE, String(index));
  }
  assert.deepEqual(around(3, 7), { from: 0, to: 7 });
});

test('the end stays drawn while it is followed', () => {
  const end = { first: 0, last: 99, length: 101, wasAtEnd: true };
  assert.deepEqual(carry({ ...end, follow: true }), { from: 1, to: 101 });
  assert.deepEqual(carry({ ...end, follow: false }), { from: 0, to: 100 });
  assert.deepEqual(carry({ first: 0, last: 49, length: 60, wasAtEnd: true, follow: false }), { from: 0, to: 60 });
});

test('elsewhere the same entries stay drawn', () => {
  assert.deepEqual(carry({ first: 60, last: 109, length: 300, wasAtEnd: false, follow: false }), { from: 60, to: 110 });
  assert.deepEqual(carry({ first: -1, last: 4, length: 300, wasAtEnd: false, follow: false }), newest(300));
});
