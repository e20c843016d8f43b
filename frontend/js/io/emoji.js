// @ts-check
// The emoji data, fetched when the picker is first opened.

import { parseEmoji } from '../core/emoji.js';

/** @typedef {import('../core/emoji.js').Emoji} Emoji */

/** @type {Promise<Emoji[]> | null} */
let loading = null;

/**
 * @param {string} locale of their names
 * @returns {Promise<Emoji[]>}
 */
export function loadEmoji(locale) {
  loading ??= fetchEmoji(locale.slice(0, 2)).catch((err) => {
    loading = null;
    throw err;
  });
  return loading;
}

/** @param {string} language */
async function fetchEmoji(language) {
  const response = await fetch(__ASSETS__[`emoji.${language}.json`] ?? __ASSETS__['emoji.json'] ?? '');
  if (!response.ok) throw new Error(`emoji: status ${response.status}`);
  return parseEmoji(await response.json());
}
