// @ts-check
// The icons: each a symbol of one sprite, assets/icons.svg.

/**
 * @typedef {'back' | 'check' | 'clock' | 'close' | 'cloud' | 'copy' | 'down' | 'edit' | 'gear' | 'group' | 'info' | 'invite' | 'keys' | 'lock' | 'more' | 'mute' | 'pin' | 'reply' | 'retry' | 'search' | 'send' | 'server' | 'share' | 'shield' | 'smile' | 'trash' | 'verified' | 'warning'} IconName
 * @typedef {'waiting' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed'} SignName what became of a message
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} name of a symbol
 * @param {string} className
 */
function drawing(name, className) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${__ASSETS__['icons.svg']}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * @param {IconName | SignName} name
 * @returns {SVGSVGElement} hidden from assistive technology; words stand beside it
 */
export function icon(name) {
  return drawing(name, name === 'back' || name === 'reply' ? 'icon turns' : 'icon');
}

/** The mark of Sotto: a voice that is lowered, inside a bubble. */
export function mark() {
  return drawing('mark', 'mark');
}
