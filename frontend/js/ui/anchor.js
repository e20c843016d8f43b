// @ts-check
// Keeps what is in view in view while content above it comes and goes.

import { attr } from './dom.js';

/** @typedef {{ key: string, offset: number }} Anchor an entry, and its distance from the top of the view */

/** @param {Element} view @returns {import('../core/scroll.js').Box} */
export function measure({ scrollTop: top, clientHeight: height, scrollHeight: content }) {
  return { top, height, content };
}

/**
 * The first entry that reaches into the view. Of those drawn the very first is
 * the last choice: it loses its name when others of its group come before it,
 * and what is below would move by that.
 * @param {Element} view
 * @param {[string, Element][]} entries drawn, oldest first
 * @returns {Anchor | null}
 */
export function findAnchor(view, entries) {
  const { top, bottom } = view.getBoundingClientRect();
  const at = entries.findIndex(([, node]) => node.getBoundingClientRect().bottom > top);
  const second = at === 0 && entries[1];
  const found = second && second[1].getBoundingClientRect().top < bottom ? second : entries[at];
  return found ? { key: found[0], offset: found[1].getBoundingClientRect().top - top } : null;
}

/**
 * Scrolls so that the anchor stands where it stood.
 * @param {Element} view
 * @param {Anchor} anchor
 * @param {Element | undefined} node of the anchor's entry now
 */
export function restoreAnchor(view, anchor, node) {
  if (!node) return;
  const offset = node.getBoundingClientRect().top - view.getBoundingClientRect().top;
  view.scrollTop += offset - anchor.offset;
}

/**
 * Where entries stand, from the top of the view.
 * @param {Element} view
 * @param {[string, Element][]} entries
 */
export function boxesIn(view, entries) {
  const { top: origin } = view.getBoundingClientRect();
  return entries.map(([, node]) => {
    const { top, bottom } = node.getBoundingClientRect();
    return { top: top - origin, bottom: bottom - origin };
  });
}

/**
 * The newest entry that has come into view, by its key.
 * @param {Element} view
 * @param {[string, Element][]} entries drawn, oldest first
 */
export function newestInView(view, entries) {
  const bottom = view.getBoundingClientRect().bottom;
  return entries.findLast(([, node]) => node.getBoundingClientRect().top < bottom)?.[0] ?? null;
}

/** Brings what was looked for into view. @param {HTMLElement} node */
export function bringIntoView(node) {
  node.scrollIntoView({ block: 'center' });
  node.focus({ preventScroll: true });
  attr(node, 'data-found', true);
  node.addEventListener('animationend', () => attr(node, 'data-found', null), { once: true });
}
