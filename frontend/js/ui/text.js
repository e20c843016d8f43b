// @ts-check
// The parts of a message as nodes. Words go in as text nodes, never as markup.

import { isBlock } from '../core/markdown.js';
import { MARK } from '../core/mentions.js';
import { el } from './dom.js';

/** @typedef {import('../core/markdown.js').Part} Part */

const TAGS = /** @type {const} */ ({ strong: 'strong', em: 'em', quote: 'blockquote', code: 'code' });

/** @typedef {() => { words: string, me: boolean } | undefined} Naming the mentions of a text, one after another */

/**
 * @param {readonly Part[]} parts
 * @param {Naming} naming
 * @returns {(Node | string)[]}
 */
export function nodesOf(parts, naming) {
  /** @param {string} text */
  const words = (text) => text.replaceAll(MARK, () => naming()?.words ?? '');
  return parts.flatMap((part, i) => {
    if (part.kind === 'text') return named(betweenBlocks(part.text, parts[i - 1], parts[i + 1]), naming);
    if (part.kind === 'link') return part.text.includes(MARK) ? words(part.text) : link(part);
    if (part.kind === 'block') return el('pre', el('code', words(part.text)));
    return el(TAGS[part.kind], {}, ...('parts' in part ? nodesOf(part.parts, naming) : [words(part.text)]));
  });
}

/**
 * @param {string} text
 * @param {Naming} naming
 */
function named(text, naming) {
  return text.split(MARK).flatMap((piece, i) => {
    const who = i > 0 ? naming() : undefined;
    return who ? [el('span', { class: 'mention', 'data-me': who.me }, who.words), piece] : piece;
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
