// @ts-check
// The files of test vectors, as they come in the page and as a reader takes them.

import { toHex } from '../core/hex.js';

/** @typedef {import('./contract.js').VectorFile} VectorFile */

/**
 * The files of vectors, out of their block: "`n" in its text stands for the
 * digits of the next n bytes behind it.
 * @param {ArrayBuffer} block
 * @returns {VectorFile[]}
 */
export function unfold(block) {
  const bytes = new Uint8Array(block);
  let at = bytes.indexOf(10) + 1;
  const text = new TextDecoder().decode(bytes.subarray(0, at - 1));
  return JSON.parse(text.replace(/`(\d+)/g, (_, n) => toHex(bytes.subarray(at, at += Number(n)))));
}

/**
 * The values of a case with what is common to its file in the place of its name.
 * @param {VectorFile} file
 * @param {Record<string, string>} values
 */
export function filled(file, values) {
  const put = (/** @type {string} */ text) => text.replace(/@[a-z0-9-]+/g, (name) => file.common?.[name.slice(1)] ?? name);
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, put(text)]));
}
