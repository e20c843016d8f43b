// @ts-check
// Bytes as hexadecimal text.

/** @param {Uint8Array} bytes */
export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Bytes in groups of four, as many lines as fit the width they are given:
 * "d83d8cc4 01a2…".
 * @param {Uint8Array} bytes
 */
export function hexGroups(bytes) {
  return toHex(bytes).match(/.{1,8}/g)?.join(' ') ?? '';
}
