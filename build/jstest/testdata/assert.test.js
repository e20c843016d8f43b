import assert from 'node:assert/strict';
import { test } from 'node:test';

class Point {
  constructor(x) {
    this.x = x;
  }
}

const key = Symbol('key');

const equal = [
  [1, 1], [NaN, NaN], ['a', 'a'], [null, null], [undefined, undefined], [1n, 1n],
  [[1, [2]], [1, [2]]], [{ a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 1 }],
  [new Uint8Array([1, 2]), new Uint8Array([1, 2])], [new Uint8Array([1, 2]).buffer, new Uint8Array([1, 2]).buffer],
  [new Date(5), new Date(5)], [/a/g, /a/g], [new Map([['a', [1]]]), new Map([['a', [1]]])],
  [new Set([1, { a: 1 }]), new Set([1, { a: 1 }])], [new Point(1), new Point(1)],
  [new Error('a'), new Error('a')], [{ [key]: 1 }, { [key]: 1 }],
];

const different = [
  [1, 2], [1, '1'], [0, -0], [null, undefined], [1n, 2n], [1n, 1], ['a', 'b'], [true, 1],
  [[1, 2], [1]], [[1, 2], [2, 1]], [{ a: 1 }, { a: 2 }], [{ a: 1 }, { b: 1 }], [{ a: 1 }, { a: 1, b: undefined }],
  [{ a: undefined }, {}], [[], {}], [{}, null], [new Uint8Array([1]), new Uint8Array([2])],
  [new Uint8Array([1]), new Int8Array([1])], [new Uint8Array([1]), [1]],
  [new Uint8Array([1, 2]).buffer, new Uint8Array([1, 3]).buffer], [new Date(5), new Date(6)], [/a/g, /a/], [/a/, /b/],
  [new Map([['a', 1]]), new Map([['a', 2]])], [new Map([['a', 1]]), new Map([['b', 1]])],
  [new Set([1]), new Set([2])], [new Set([1]), new Set([1, 2])], [new Point(1), new Point(2)], [new Point(1), { x: 1 }],
  [new Error('a'), new Error('b')], [new Error('a'), new TypeError('a')], [{ [key]: 1 }, { [key]: 2 }], [{ [key]: 1 }, {}],
];

/** Fails unless fn throws an AssertionError. */
function refuses(fn) {
  try {
    fn();
  } catch (e) {
    if (e.name === 'AssertionError') return;
    throw e;
  }
  throw new Error(`not refused: ${fn}`);
}

test('deepEqual', () => {
  for (const [a, b] of equal) {
    assert.deepEqual(a, b);
    refuses(() => assert.notDeepEqual(a, b));
  }
  for (const [a, b] of different) {
    assert.notDeepEqual(a, b);
    assert.notDeepEqual(b, a);
    refuses(() => assert.deepEqual(a, b));
    refuses(() => assert.deepEqual(b, a));
  }
});

test('equal', () => {
  assert.equal(NaN, NaN);
  assert.notEqual(0, -0);
  assert.notEqual({}, {});
  refuses(() => assert.equal(1, '1'));
  refuses(() => assert.equal(0, -0));
  refuses(() => assert.notEqual('a', 'a'));
});

test('ok and fail', () => {
  assert.ok('a');
  assert(1);
  for (const value of [0, '', null, undefined, NaN, false]) {
    refuses(() => assert.ok(value));
    refuses(() => assert(value));
  }
  refuses(() => assert.fail());
  assert.throws(() => assert.ok(0, 'my words'), { message: 'my words' });
});

test('match', () => {
  assert.match('abc', /b/);
  assert.doesNotMatch('abc', /d/);
  refuses(() => assert.match('abc', /d/));
  refuses(() => assert.match(1, /1/));
  refuses(() => assert.doesNotMatch('abc', /b/));
});

test('throws', () => {
  const boom = () => {
    throw Object.assign(new TypeError('boom 1'), { code: 'broken' });
  };
  assert.throws(boom);
  assert.throws(boom, /TypeError: boom/);
  assert.throws(boom, { code: 'broken' });
  assert.throws(boom, { name: 'TypeError', message: /\d/ });
  assert.throws(boom, TypeError);
  assert.throws(boom, Error);
  assert.throws(boom, (e) => e.code === 'broken');
  refuses(() => assert.throws(() => {}));
  refuses(() => assert.throws(boom, /bang/));
  refuses(() => assert.throws(boom, { code: 'other' }));
  refuses(() => assert.throws(boom, { message: /bang/ }));
  refuses(() => assert.throws(boom, (e) => e.code === 'other'));
});

test('rejects', async () => {
  const boom = async () => {
    throw Object.assign(new Error('boom'), { code: 'broken' });
  };
  await assert.rejects(boom);
  await assert.rejects(boom(), { code: 'broken' });
  await assert.rejects(boom, /boom/);
  await assert.rejects(assert.rejects(async () => {}), { name: 'AssertionError' });
  await assert.rejects(assert.rejects(boom, /bang/), { name: 'AssertionError' });
});
