// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { MARGIN, NEAR, NODES, PAGE, around, carry, distanceToEnd, down, isNear, newest, onAdded, trim, up } from './scroll.js';

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

test('a page is drawn at a time, up to the first and down to the last', () => {
  assert.deepEqual(up({ from: 70, to: 120 }), { from: 20, to: 120 });
  assert.deepEqual(up({ from: 20, to: 120 }), { from: 0, to: 120 });
  assert.deepEqual(down({ from: 20, to: 120 }, 190), { from: 20, to: 170 });
  assert.deepEqual(down({ from: 20, to: 170 }, 190), { from: 20, to: 190 });
});

test('what is far from the view falls off at one end, and what is near stays', () => {
  const height = 600;
  const boxes = Array.from({ length: 10 }, (_, i) => ({ top: i * 500 - 2000, bottom: i * 500 - 1500 })); // the view begins at the fifth
  const span = { from: 30, to: 40 };
  assert.deepEqual(trim(span, 'from', boxes, height), { from: 31, to: 40 });
  assert.deepEqual(trim(span, 'to', boxes, height), { from: 30, to: 38 });
  assert.deepEqual(trim(span, 'from', boxes.slice(2), height), span);
  assert.deepEqual(trim(span, 'to', boxes.map(({ top, bottom }) => ({ top: top + 9000, bottom: bottom + 9000 })), height), { from: 30, to: 31 });
});

/**
 * Goes through a conversation as the timeline does: draws what runs out, and lets fall off what is far.
 * @param {number} high each entry, in pixels
 * @param {number} nodes of each
 * @param {number} height of the view
 */
function travel(high, nodes, height) {
  const length = 1000;
  let span = newest(length);
  let most = 0;
  let draws = 0;
  /** @param {number} at top of the view, in pixels from the first of all entries */
  const settle = (at) => {
    for (let again = true; again; draws++) {
      const { from, to } = span;
      const above = at - from * high;
      const below = to * high - at - height;
      again = false;
      if (above < MARGIN && from > 0 && !(below < MARGIN && to < length)) span = up(span);
      if (below < MARGIN && to < length) span = down(span, length);
      for (const end of /** @type {('from' | 'to')[]} */ (above < MARGIN ? ['to', 'from'] : ['from', 'to'])) {
        const boxes = Array.from({ length: span.to - span.from }, (_, i) => ({ top: (span.from + i) * high - at, bottom: (span.from + i + 1) * high - at }));
        if (boxes.length * nodes > NODES) span = trim(span, end, boxes, height);
      }
      again = span.from !== from || span.to !== to;
      assert.ok(draws < 2000, 'what falls off is asked for again');
    }
    most = Math.max(most, (span.to - span.from) * nodes);
    assert.ok(span.from * high <= Math.max(0, at - MARGIN) && span.to * high >= Math.min(length * high, at + height + MARGIN), `what is near ${at} is drawn`);
  };
  const end = length * high - height;
  for (let at = end; at >= 0; at -= 300) settle(at);
  for (let at = 0; at <= end; at += 300) settle(at);
  return most;
}

test('what is drawn is bounded wherever one scrolls, and nothing is drawn to and fro', () => {
  assert.ok(travel(38, 7, 900) <= NODES + 50, 'short lines of others');
  assert.ok(travel(60, 10, 900) <= NODES, 'own lines');
  assert.ok(travel(38, 7, 1800) <= NODES + 50, 'a high view');
  assert.ok(travel(110, 70, 900) <= 2500, 'twenty emoji under each message');
  assert.ok(travel(140, 110, 900) <= 3000, 'links and marks');
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
