// Equality of values by what they hold, as deepStrictEqual has it, and their text
// for messages.

/**
 * @param {any} a
 * @param {any} b
 * @returns {boolean}
 */
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  return sameInside(a, b) && sameProperties(a, b);
}

/**
 * Compares what objects of one class hold beside their properties.
 * @param {any} a
 * @param {any} b
 */
function sameInside(a, b) {
  if (Array.isArray(a)) return a.length === b.length;
  if (a instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof RegExp) return String(a) === String(b) && a.lastIndex === b.lastIndex;
  if (a instanceof Error) return a.name === b.name && a.message === b.message && same(a.cause, b.cause);
  if (a instanceof Map) return a.size === b.size && [...a].every(([k, v]) => b.has(k) && same(v, b.get(k)));
  if (a instanceof Set) return a.size === b.size && [...a].every((v) => b.has(v) || [...b].some((w) => same(v, w)));
  if (a instanceof ArrayBuffer) return same(new Uint8Array(a), new Uint8Array(b));
  return true;
}

/**
 * @param {any} a
 * @param {any} b
 */
function sameProperties(a, b) {
  const keys = ownKeys(a);
  return keys.length === ownKeys(b).length
    && keys.every((k) => Object.prototype.propertyIsEnumerable.call(b, k) && same(a[k], b[k]));
}

/** @param {object} o the enumerable own keys, symbols too */
function ownKeys(o) {
  return Reflect.ownKeys(o).filter((k) => Object.prototype.propertyIsEnumerable.call(o, k));
}

/**
 * @param {any} value
 * @returns {string}
 */
export function show(value) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Date) return `Date ${value.getTime()}`;
  if (value instanceof Map) return `Map ${show([...value])}`;
  if (value instanceof Set) return `Set ${show([...value])}`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} [${Array.from(/** @type {any} */ (value)).join(', ')}]`;
  return `{${Object.entries(value).map(([k, v]) => `${k}: ${show(v)}`).join(', ')}}`;
}
