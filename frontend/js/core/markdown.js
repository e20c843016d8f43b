// @ts-check
// A small subset of Markdown: **bold**, *italic* or _italic_, `code`, a block
// of code between two lines of ```, lines that begin with > as a quote, and
// addresses as links. There are no links whose words hide their address. Marks
// count at the edges of words only, so 2*3*4 stays as it is; what has no
// partner stays text. The work grows with the length of the text and no faster,
// whatever the text is.

import { LINK, linkOf } from './links.js';

/**
 * @typedef {{ kind: 'text' | 'code' | 'block', text: string }
 *   | { kind: 'link', text: string, href: string }
 *   | { kind: 'strong' | 'em' | 'quote', parts: Part[] }} Part
 */
/** @typedef {{ kind: 'strong' | 'em', mark: string, parts: Part[] }} Frame what has begun and not ended */

/** With more parts than this the rest of a text stays as it is: a page must hold a hundred messages. */
const MAX_PARTS = 100;

const FENCE = '```';
const token = () => new RegExp(`\`[^\`\\n]+\`|\\*\\*|[*_]|${LINK.source}`, 'giu');
const letter = /[\p{L}\p{N}]/u;
const space = /^\s?$/u;

/**
 * @param {string} text
 * @returns {Part[]}
 */
export function parse(text) {
  return new Parser().blocks(text);
}

/**
 * The words alone, without their marks.
 * @param {string} text
 * @returns {string}
 */
export function plain(text) {
  /** @param {Part} part @returns {string} */
  const words = (part) => ('parts' in part ? part.parts.map(words).join('') : part.text);
  return parse(text).map((part) => (isBlock(part) ? `\n${words(part)}\n` : words(part))).join('');
}

/** Whether a part stands on lines of its own. @param {Part} part */
export const isBlock = ({ kind }) => kind === 'block' || kind === 'quote';

class Parser {
  #made = 0;

  /** @param {string} text @returns {Part[]} */
  blocks(text) {
    const lines = text.split('\n');
    const lastFence = lines.lastIndexOf(FENCE);
    /** @type {Part[]} */
    const parts = [];
    let from = 0;
    /** @param {number} to @param {number} next @param {() => Part} make */
    const block = (to, next, make) => {
      if (to > from) parts.push(...this.#inline(lines.slice(from, to).join('\n')));
      parts.push(make());
      from = next;
      this.#made++;
    };
    for (let i = 0; i < lines.length && this.#made < MAX_PARTS; i++) {
      const line = /** @type {string} */ (lines[i]);
      if (/^```[^`]*$/.test(line) && i < lastFence) {
        const end = lines.indexOf(FENCE, i + 1);
        block(i, end + 1, () => ({ kind: 'block', text: lines.slice(i + 1, end).join('\n') }));
        i = end;
      } else if (line.startsWith('>')) {
        let end = i;
        while (lines[end]?.startsWith('>')) end++;
        const inner = lines.slice(i, end).map((l) => l.replace(/^> ?/, '')).join('\n');
        block(i, end, () => ({ kind: 'quote', parts: this.#inline(inner) }));
        i = end - 1;
      }
    }
    if (from < lines.length) parts.push(...this.#inline(lines.slice(from).join('\n')));
    return parts;
  }

  /** @param {string} text @returns {Part[]} */
  #inline(text) {
    /** @type {Frame[]} */
    const frames = [];
    /** @type {Part[]} */
    const top = [];
    const parts = () => frames.at(-1)?.parts ?? top;
    const tokens = token();
    let end = 0;
    for (let match; this.#made < MAX_PARTS && (match = tokens.exec(text)); tokens.lastIndex = end) {
      const [found] = match;
      addText(parts(), text.slice(end, match.index));
      end = match.index + found.length;
      if (found.startsWith('`')) {
        this.#add(parts(), { kind: 'code', text: found.slice(1, -1) });
      } else if (/^[*_]/.test(found)) {
        this.#mark(frames, top, found, text[match.index - 1] ?? '', text[end] ?? '');
      } else {
        const link = linkOf(found);
        if (link) this.#add(parts(), { kind: 'link', ...link });
        else addText(parts(), found);
        if (link) end = match.index + link.text.length;
      }
    }
    while (frames.length > 0) unwind(frames, top);
    addText(top, text.slice(end));
    return top;
  }

  /** @param {Part[]} parts @param {Part} part */
  #add(parts, part) {
    this.#made++;
    parts.push(part);
  }

  /**
   * Begins or ends what a mark stands for, or keeps it as text.
   * @param {Frame[]} frames
   * @param {Part[]} top
   * @param {string} mark
   * @param {string} before the character in front
   * @param {string} after
   */
  #mark(frames, top, mark, before, after) {
    const parts = () => frames.at(-1)?.parts ?? top;
    const at = frames.findIndex((frame) => frame.mark === mark);
    if (at >= 0 && !space.test(before) && !letter.test(after) && (frames[at + 1] || frames[at]?.parts.length)) {
      while (frames.length > at + 1) unwind(frames, top);
      const { kind, parts: inner } = /** @type {Frame} */ (frames.pop());
      this.#add(parts(), { kind, parts: inner });
    } else if (at < 0 && !space.test(after) && !letter.test(before)) {
      frames.push({ kind: mark === '**' ? 'strong' : 'em', mark, parts: [] });
    } else {
      addText(parts(), mark);
    }
  }
}

/** Makes text again of the last mark that has not ended. @param {Frame[]} frames @param {Part[]} top */
function unwind(frames, top) {
  const { mark, parts } = /** @type {Frame} */ (frames.pop());
  const outer = frames.at(-1)?.parts ?? top;
  addText(outer, mark);
  for (const part of parts) {
    if (part.kind === 'text') addText(outer, part.text);
    else outer.push(part);
  }
}

/** @param {Part[]} parts @param {string} text */
function addText(parts, text) {
  const last = parts.at(-1);
  if (text === '') return;
  if (last?.kind === 'text') last.text += text;
  else parts.push({ kind: 'text', text });
}
