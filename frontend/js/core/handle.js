// @ts-check
// Handles: the names people are found by. 1 to 32 of a-z, 0-9 and, between
// them, dot, underscore and hyphen; the server holds the same rule.

const shape = /^[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?$/;

/**
 * The handle that a typed name becomes: lower case, without accents, gaps
 * turned into dots. It may still not be valid (see isHandle).
 * @param {string} typed
 */
export function toHandle(typed) {
  return typed
    .trim()
    .replace(/^@/, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/\s+/g, '.');
}

/** @param {string} handle */
export function isHandle(handle) {
  return shape.test(handle);
}
