// @ts-check
// Turns rows into nodes, and keeps the node of a row that stays.

import { t } from '../core/strings.js';
import { arrange, el, say } from './dom.js';
import { SottoMessage } from './sotto-message.js';
import { SottoNotice } from './sotto-notice.js';

/** @typedef {import('../core/timeline.js').Row} Row */
/** @typedef {import('../core/contract.js').Conversation} Conversation */

/** @param {Element} parent */
export function createRows(parent) {
  /** @type {Map<string, HTMLElement>} */
  let nodes = new Map();
  return {
    /**
     * @param {Row[]} rows
     * @param {Conversation} conversation
     * @param {string} me this account
     * @param {import('../core/time.js').Formatter} format
     */
    show(rows, conversation, me, format) {
      const kept = new Map(rows.map((row) => [row.key, draw(row, nodes.get(row.key), conversation, me, format)]));
      nodes = kept;
      arrange(parent, [...kept.values()]);
    },
    /** @param {string} key */
    node: (key) => nodes.get(key),
    /** The drawn messages and notices with their ids, oldest first. */
    entries: () => [...nodes].filter(([, node]) => node instanceof SottoMessage || node instanceof SottoNotice),
  };
}

/**
 * @param {Row} row
 * @param {HTMLElement | undefined} old
 * @param {Conversation} conversation
 * @param {string} me
 * @param {import('../core/time.js').Formatter} format
 * @returns {HTMLElement}
 */
function draw(row, old, conversation, me, format) {
  if (row.kind === 'message') {
    const node = old instanceof SottoMessage ? old : new SottoMessage();
    node.update({ row, conversation, me, format });
    return node;
  }
  if (row.kind === 'notice') {
    const node = old instanceof SottoNotice ? old : new SottoNotice();
    node.update({ entry: row.entry, conversation });
    return node;
  }
  const node = old ?? el('div', { class: row.kind }, el('span'));
  say(/** @type {Node} */ (node.firstChild), row.kind === 'day' ? row.label : t('timeline.unread'));
  return node;
}
