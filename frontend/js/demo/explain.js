// @ts-check
// A text at one of three depths, with the switch between them.

import { el, say, segments, tell } from './dom.js';
import { w } from './words.js';

/** @typedef {import('./words.js').Depth} Depth */

/** @param {string} [testid] */
export function explain(testid = '') {
  const text = el('p', { 'data-testid': testid || null });
  const node = el('div', { class: 'explain' }, text);
  const choice = segments(w('depth'), /** @type {const} */ ([[0, w('depth.0')], [1, w('depth.1')], [2, w('depth.2')]]), (depth) => tell(node, { ask: 'depth', depth }));
  node.append(choice.node);
  return {
    node,
    /** @param {string} words @param {Depth} depth */
    show(words, depth) {
      say(text, words);
      choice.show(depth);
    },
  };
}
