// @ts-check
// The icons: each a symbol of one sprite, assets/icons.svg.

import { el, svg } from './dom.js';

/**
 * @typedef {'back' | 'check' | 'clock' | 'close' | 'cloud' | 'copy' | 'down' | 'edit' | 'gear' | 'group' | 'info' | 'invite' | 'keys' | 'lock' | 'more' | 'mute' | 'pin' | 'reply' | 'retry' | 'search' | 'send' | 'server' | 'share' | 'shield' | 'smile' | 'trash' | 'verified' | 'warning'} IconName
 * @typedef {'waiting' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed'} SignName what became of a message
 */

/**
 * @param {string} name of a symbol
 * @param {string} className
 */
function drawing(name, className) {
  return svg('svg', { class: className, 'aria-hidden': 'true' }, svg('use', { href: `${__ASSETS__['icons.svg']}#${name}` }));
}

/**
 * @param {IconName | SignName} name
 * @returns {SVGSVGElement} hidden from assistive technology; words stand beside it
 */
export function icon(name) {
  return drawing(name, name === 'back' || name === 'reply' ? 'icon turns' : 'icon');
}

/**
 * An icon that stands for words: they are read out, and shown to who points at it.
 * @param {IconName} name
 * @param {string} words
 * @param {string} className
 */
export function sign(name, words, className) {
  return el('span', { class: className, title: words }, icon(name), el('span', { class: 'sr' }, words));
}

/** The mark of Sotto: a voice that is lowered, inside a bubble. */
export function mark() {
  return drawing('mark', 'mark');
}
