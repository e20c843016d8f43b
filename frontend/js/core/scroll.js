// @ts-check
// Decides how a timeline scrolls, and which of its entries are drawn.

/** Within this distance of the bottom, in pixels, the newest message is followed. */
export const NEAR = 80;

/** Entries drawn at first, and added at a time while scrolling. */
export const PAGE = 50;

/** The most entries drawn at once: with about 6 nodes each, well under 1,000 nodes. */
export const MAX = 100;

/** This close to the edge of what is drawn, in pixels, more is drawn. */
export const MARGIN = 800;

/** @typedef {{ top: number, height: number, content: number }} Box scroll position, height of the view and of the content */

/** @param {Box} box */
export function distanceToEnd({ top, height, content }) {
  return Math.max(0, content - height - top);
}

/** @param {Box} box */
export function isNear(box) {
  return distanceToEnd(box) <= NEAR;
}

/**
 * What to do when entries were added at the end: follow them, or leave the
 * view where it is and count those of others.
 * @param {{ near: boolean, own: boolean, others: number }} change
 * @returns {{ follow: boolean, count: number }}
 */
export function onAdded({ near, own, others }) {
  const follow = near || own;
  return { follow, count: follow ? 0 : others };
}

/**
 * The entries drawn: indexes [from, to).
 * @typedef {{ from: number, to: number }} Span
 */

/**
 * @param {number} length of all known entries
 * @returns {Span}
 */
export function newest(length) {
  return { from: Math.max(0, length - PAGE), to: length };
}

/**
 * A span around one entry, most of it below.
 * @param {number} index
 * @param {number} length
 * @returns {Span}
 */
export function around(index, length) {
  const from = Math.max(0, Math.min(index - PAGE / 5, length - PAGE));
  return { from, to: Math.min(length, from + PAGE) };
}

/**
 * Draws one more page above; what is then too much falls off below.
 * @param {Span} span
 * @returns {Span}
 */
export function up({ from, to }) {
  const start = Math.max(0, from - PAGE);
  return { from: start, to: Math.min(to, start + MAX) };
}

/**
 * Draws one more page below; what is then too much falls off above.
 * @param {Span} span
 * @param {number} length
 * @returns {Span}
 */
export function down({ from, to }, length) {
  const end = Math.min(length, to + PAGE);
  return { from: Math.max(from, end - MAX), to: end };
}

/**
 * The span after entries came or went. Where the end was drawn it stays
 * drawn, as far as the view follows it or there is room.
 * @param {{ first: number, last: number, length: number, wasAtEnd: boolean, follow: boolean }} change
 *   where the first and the last drawn entry stand now (-1: gone), and how many there are
 * @returns {Span}
 */
export function carry({ first, last, length, wasAtEnd, follow }) {
  if (first < 0 || last < 0) return newest(length);
  if (wasAtEnd && follow) return { from: Math.max(first, length - MAX), to: length };
  if (wasAtEnd) return { from: first, to: Math.min(length, Math.max(last + 1, first + MAX)) };
  return { from: first, to: last + 1 };
}
