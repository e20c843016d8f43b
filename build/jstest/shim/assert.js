// The part of node:assert/strict that the unit tests use, with its meaning.
import { same, show } from './same.js';

export class AssertionError extends Error {
  /** @override */
  name = 'AssertionError';
}

/**
 * @param {unknown} holds
 * @param {string | undefined} message the caller's own words
 * @param {() => string} otherwise
 */
function check(holds, message, otherwise) {
  if (!holds) throw new AssertionError(message ?? otherwise());
}

/** @param {unknown} value @param {string} [message] */
const ok = (value, message) => check(value, message, () => `${show(value)} is not truthy`);

/** @param {unknown} a @param {unknown} b @param {string} [message] */
const equal = (a, b, message) => check(Object.is(a, b), message, () => `${show(a)} is not ${show(b)}`);

/** @param {unknown} a @param {unknown} b @param {string} [message] */
const notEqual = (a, b, message) => check(!Object.is(a, b), message, () => `both are ${show(a)}`);

/** @param {unknown} a @param {unknown} b @param {string} [message] */
const deepEqual = (a, b, message) => check(same(a, b), message, () => `${show(a)}\nis not\n${show(b)}`);

/** @param {unknown} a @param {unknown} b @param {string} [message] */
const notDeepEqual = (a, b, message) => check(!same(a, b), message, () => `both are ${show(a)}`);

/** @param {string} text @param {RegExp} pattern @param {string} [message] */
const match = (text, pattern, message) =>
  check(typeof text === 'string' && pattern.test(text), message, () => `${show(text)} does not match ${pattern}`);

/** @param {string} text @param {RegExp} pattern @param {string} [message] */
const doesNotMatch = (text, pattern, message) =>
  check(typeof text === 'string' && !pattern.test(text), message, () => `${show(text)} matches ${pattern}`);

/** @param {string} [message] */
const fail = (message) => check(false, message, () => 'failed');

/** @param {() => unknown} fn @param {RegExp | object} [expected] */
function throws(fn, expected) {
  let thrown;
  try {
    fn();
  } catch (e) {
    thrown = { e };
  }
  expect(thrown, expected);
}

/** @param {Promise<unknown> | (() => Promise<unknown>)} promise @param {RegExp | object} [expected] */
async function rejects(promise, expected) {
  let thrown;
  try {
    await (typeof promise === 'function' ? promise() : promise);
  } catch (e) {
    thrown = { e };
  }
  expect(thrown, expected);
}

/**
 * Checks what was thrown against what was expected: a pattern of its text, a
 * class, a function that says true, or properties.
 * @param {{e: any} | undefined} thrown
 * @param {any} expected
 */
function expect(thrown, expected) {
  if (!thrown) throw new AssertionError('nothing was thrown');
  const { e } = thrown;
  if (expected === undefined) return;
  if (expected instanceof RegExp) {
    check(expected.test(String(e)), undefined, () => `thrown: ${show(e)}, which does not match ${expected}`);
  } else if (typeof expected === 'function') {
    const isError = expected === Error || Object.prototype.isPrototypeOf.call(Error, expected);
    const fits = (expected.prototype && e instanceof expected) || (!isError && expected(e) === true);
    check(fits, undefined, () => `thrown: ${show(e)}`);
  } else {
    for (const [key, want] of properties(expected)) {
      const fits = want instanceof RegExp && typeof e[key] === 'string' ? want.test(e[key]) : same(e[key], want);
      check(fits, undefined, () => `thrown: ${key} is ${show(e[key])}, want ${show(want)}`);
    }
  }
}

/**
 * The properties that an expected object asks for; of an error its name and message too.
 * @param {Record<string, unknown>} expected
 * @returns {[string, unknown][]}
 */
function properties(expected) {
  const own = Object.entries(expected);
  if (!(expected instanceof Error)) return own;
  return [['name', expected.name], ['message', expected.message], ...own];
}

export default Object.assign(
  /** @param {unknown} value @param {string} [message] */
  (value, message) => ok(value, message),
  { AssertionError, ok, equal, notEqual, deepEqual, notDeepEqual, match, doesNotMatch, fail, throws, rejects },
);
