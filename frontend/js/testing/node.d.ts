// The part of Node's test modules that unit tests use; the same part is
// offered in the browser when the tests run there.
declare module 'node:test' {
  export function test(name: string, fn: () => void | Promise<void>): void;
}
declare module 'node:assert/strict' {
  interface Assert {
    equal(actual: unknown, expected: unknown, message?: string): void;
    notEqual(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    ok(value: unknown, message?: string): asserts value;
    match(value: string, pattern: RegExp, message?: string): void;
    throws(fn: () => unknown, expected?: RegExp | object): void;
    rejects(promise: Promise<unknown> | (() => Promise<unknown>), expected?: RegExp | object): Promise<void>;
  }
  const assert: Assert;
  export default assert;
}
