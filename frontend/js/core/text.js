// @ts-check
// Message text: its limit, and the links in it.

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

/** @typedef {{ text: string, href?: string }} Segment */

const link = /\bhttps?:\/\/[^\s<>"'`]+/giu;

/**
 * Cuts a text into plain parts and links. Only http and https become links;
 * punctuation that ends the sentence rather than the address stays outside.
 * @param {string} text
 * @returns {Segment[]}
 */
export function segments(text) {
  /** @type {Segment[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(link)) {
    const address = trimEnd(match[0]);
    const href = parse(address);
    if (href === null) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** @param {string} address */
function trimEnd(address) {
  let cut = address.replace(/[.,;:!?…»”’]+$/u, '');
  for (const [open, close] of [['(', ')'], ['[', ']'], ['{', '}']]) {
    while (cut.endsWith(close ?? '') && count(cut, close ?? '') > count(cut, open ?? '')) {
      cut = cut.slice(0, -1).replace(/[.,;:!?]+$/u, '');
    }
  }
  return cut;
}

/**
 * @param {string} text
 * @param {string} char
 */
function count(text, char) {
  return text.split(char).length - 1;
}

/** @param {string} address */
function parse(address) {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return web && url.hostname !== '' ? url.href : null;
}

/**
 * One line of a text, for lists.
 * @param {string} text
 * @param {number} [max] characters
 */
export function oneLine(text, max = 120) {
  const line = text.replace(/\s+/g, ' ').trim();
  const chars = [...line];
  return chars.length <= max ? line : `${chars.slice(0, max).join('')}…`;
}
