// The part of node:test that the unit tests use, for a page: tests are collected
// while their file loads and run one after another by run.

/** @type {{name: string, fn: () => void | Promise<void>}[]} */
const tests = [];

/**
 * Adds a test, as node:test does.
 * @param {string} name
 * @param {() => void | Promise<void>} fn
 */
export function test(name, fn) {
  tests.push({ name, fn });
}

/**
 * Runs the collected tests in their order.
 * @returns {Promise<{name: string, error: string}[]>} error is '' where the test passed
 */
export async function run() {
  const results = [];
  for (const { name, fn } of tests) {
    let error = '';
    try {
      await fn();
    } catch (e) {
      error = describe(e);
    }
    results.push({ name, error });
  }
  return results;
}

/**
 * What was thrown, with its stack if it has one.
 * @param {unknown} thrown
 */
function describe(thrown) {
  if (!(thrown instanceof Error)) return `thrown: ${String(thrown)}`;
  const text = `${thrown.name}: ${thrown.message}`;
  return thrown.stack?.startsWith(text) ? thrown.stack : `${text}\n${thrown.stack ?? ''}`;
}
