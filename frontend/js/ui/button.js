// @ts-check
// Buttons: with words, or with a sign whose words are read out, and shown to who points at it.

import { el } from './dom.js';
import { icon } from './icons.js';

/**
 * @param {string} look its classes
 * @param {() => void} act
 * @param {...import('./dom.js').Child} content
 */
export function button(look, act, ...content) {
  return el('button', { type: 'button', class: look, onclick: act }, ...content);
}

/**
 * @param {import('./icons.js').IconName} sign
 * @param {string} words
 * @param {Record<string, any>} props what it does, and what differs from the usual look
 */
export function signButton(sign, words, props) {
  return el('button', { type: 'button', class: 'button ghost icon-only', 'aria-label': words, title: words, ...props }, icon(sign));
}
