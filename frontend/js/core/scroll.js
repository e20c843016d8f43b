// @ts-check
// Decides how a timeline scrolls, and which of its entries are drawn.

/** Within this distance of the bottom, in pixels, the newest message is followed. */
export const NEAR = 80;

/** Entries drawn at first, and added at a time while scrolling. */
export const PAGE = 50;

/** The most entries drawn because they came, or because they were drawn when the conversation was left. */
export const MAX = 100;

/**
 * The most nodes that are drawn for their own sake. A line of someone else has
 * about 7, an own one 10, a notice 11, each emoji under a message 3 more, a
 * text with many links and marks up to 100.
 */
export const NODES = 1000;

/** This close to the edge of what is drawn, in pixels, more is drawn. */
export const MARGIN = 800;

/**
 * With too many nodes, what is farther than this from the view is drawn no
 * more. So what is drawn is bounded by its height, whatever it is made of: a
 * short line is 38 pixels high, and a line full of emoji has about a node for
 * each. It is more than MARGIN: what falls off is not asked for at once.
 */
export const KEEP = 1200;

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
 * Draws one more page above.
 * @param {Span} span
 * @returns {Span}
 */
export function up({ from, to }) {
  return { from: Math.max(0, from - PAGE), to };
}

/**
 * Draws one more page below.
 * @param {Span} span
 * @param {number} length
 * @returns {Span}
 */
export function down({ from, to }, length) {
  return { from, to: Math.min(length, to + PAGE) };
}

/**
 * Lets fall off at one end what is far from the view.
 * @param {Span} span
 * @param {keyof Span} end
 * @param {{ top: number, bottom: number }[]} boxes of the drawn entries, as far from the top of the view
 * @param {number} height of the view
 * @returns {Span}
 */
export function trim({ from, to }, end, boxes, height) {
  if (end === 'from') return { from: from + Math.max(0, boxes.findIndex(({ bottom }) => bottom > -KEEP)), to };
  return { from, to: from + Math.max(1, boxes.findLastIndex(({ top }) => top < height + KEEP) + 1) };
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
