// @ts-check
// The emoji data, fetched when the picker is first opened.

import { parseEmoji } from '../core/emoji.js';

/** @typedef {import('../core/emoji.js').Emoji} Emoji */

/** @type {Promise<Emoji[]> | null} */
let loading = null;

/** @returns {Promise<Emoji[]>} */
export function loadEmoji() {
  loading ??= fetchEmoji().catch((err) => {
    loading = null;
    throw err;
  });
  return loading;
}

async function fetchEmoji() {
  const response = await fetch(__ASSETS__['emoji.json'] ?? '');
  if (!response.ok) throw new Error(`emoji: status ${response.status}`);
  return parseEmoji(await response.json());
}
