// @ts-check
// The parts of a message as nodes. Words go in as text nodes, never as markup.

import { isBlock } from '../core/markdown.js';
import { el } from './dom.js';

/** @typedef {import('../core/markdown.js').Part} Part */

const TAGS = /** @type {const} */ ({ strong: 'strong', em: 'em', quote: 'blockquote', code: 'code' });

/**
 * @param {readonly Part[]} parts
 * @returns {(Node | string)[]}
 */
export function nodesOf(parts) {
  return parts.map((part, i) => {
    if (part.kind === 'text') return betweenBlocks(part.text, parts[i - 1], parts[i + 1]);
    if (part.kind === 'link') return link(part);
    if (part.kind === 'block') return el('pre', {}, el('code', {}, part.text));
    return el(TAGS[part.kind], {}, ...('parts' in part ? nodesOf(part.parts) : [part.text]));
  });
}

/**
 * A block begins and ends its own line: the break beside it is not drawn again.
 * @param {string} text
 * @param {Part | undefined} before
 * @param {Part | undefined} after
 */
function betweenBlocks(text, before, after) {
  const from = before && isBlock(before) && text.startsWith('\n') ? 1 : 0;
  return text.slice(from, after && isBlock(after) && text.endsWith('\n') ? -1 : undefined);
}

/**
 * An address. Where the browser reads it as another one, as it does with
 * letters that look like others, that stands beside it when it is pointed at.
 * @param {{ text: string, href: string }} part
 */
function link({ text, href }) {
  return el('a', { href, title: href, target: '_blank', rel: 'noopener noreferrer' }, text);
}
