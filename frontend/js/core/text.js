// @ts-check
// Message text: its limit, and how much of it is shown.

import { plain } from './markdown.js';

/** The longest text of a message, in bytes of UTF-8. */
export const MAX_BYTES = 64 * 1024;

/** @param {string} text */
export function byteLength(text) {
  return new TextEncoder().encode(text).length;
}

/** @param {string} text */
export function isBlank(text) {
  return text.trim() === '';
}

/** As much of a text as is shown before somebody asks for all. */
const SHOWN = { characters: 2000, lines: 30 };

/** More marks on one letter than any script puts there. */
const tower = /(\p{Mark}{12})\p{Mark}+/gu;

/**
 * A text as it is shown: towers of marks are cut, as they would stand on the
 * messages above, and unless all is asked for, what is very long ends early.
 * @param {string} text
 * @param {boolean} all
 * @returns {{ text: string, cut: boolean }}
 */
export function shown(text, all) {
  const calm = text.replace(tower, '$1');
  if (all) return { text: calm, cut: false };
  const short = calm.split('\n', SHOWN.lines).join('\n').slice(0, SHOWN.characters);
  if (short.length === calm.length) return { text: calm, cut: false };
  return { text: `${short.replace(/[\ud800-\udbff]$/, '')}…`, cut: true };
}

/** No list shows more than this of a text, in characters. */
const LONGEST_LINE = 1000;

/**
 * One line of a text without its marks, for lists.
 * @param {string} text
 * @param {number} [max] characters
 */
export function oneLine(text, max = 120) {
  const line = shown(plain(text.slice(0, LONGEST_LINE)), true).text.replace(/\s+/g, ' ').trim();
  const chars = [...line];
  return chars.length <= max ? line : `${chars.slice(0, max).join('')}…`;
}
