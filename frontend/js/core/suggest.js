// @ts-check
// What a word that is being written may become.

import { searchEmoji, toned } from './emoji.js';

/** @typedef {{ text: string, sign: string, words: string }} Suggestion what is put in, and how it is shown */

/** With fewer letters than this after the sign nothing is suggested. */
const FEWEST = 2;

/** So many are suggested at most. */
const MOST = 6;

/** A word looks back no further than this. */
const LONGEST = 40;

/**
 * The word before the caret that begins with one of some signs.
 * @param {string} text
 * @param {number} caret
 * @param {readonly string[]} signs one character each
 * @returns {{ from: number, sign: string, query: string } | null}
 */
export function wordAt(text, caret, signs) {
  const before = text.slice(Math.max(0, caret - LONGEST), caret);
  const word = /(?:^|[\s(])(\S)([\p{L}\p{N}\p{M}_+.-]*)$/u.exec(before);
  const [, sign = '', query = ''] = word ?? [];
  return signs.includes(sign) ? { from: caret - query.length - sign.length, sign, query } : null;
}

/**
 * @param {readonly import('./emoji.js').Emoji[]} all
 * @param {string} query
 * @param {number} tone
 * @returns {Suggestion[]}
 */
export function suggestEmoji(all, query, tone) {
  if (query.length < FEWEST) return [];
  return searchEmoji(all, query, MOST).map((found) => ({ text: toned(found, tone), sign: toned(found, tone), words: found.name }));
}

/**
 * @param {readonly import('./model.js').Named[]} people
 * @param {string} query
 * @returns {Suggestion[]}
 */
export function suggestPeople(people, query) {
  const begun = query.toLowerCase();
  const fits = people.filter(({ handle }) => handle.startsWith(begun));
  return fits.slice(0, MOST).map(({ handle }) => ({ text: `@${handle} `, sign: '@', words: handle }));
}
