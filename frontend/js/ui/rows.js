// @ts-check
// Turns rows into nodes, and keeps the node of a row that stays.

import { t } from '../core/strings.js';
import { arrange, el, say } from './dom.js';
import { SottoMessage } from './sotto-message.js';
import { SottoNotice } from './sotto-notice.js';

/** @typedef {import('../core/timeline.js').Row} Row */
/** @typedef {{ id: string, handle: string }} Peer the conversation and who is on its other side */

/** @param {Element} parent */
export function createRows(parent) {
  /** @type {Map<string, HTMLElement>} */
  let nodes = new Map();
  return {
    /**
     * @param {Row[]} rows
     * @param {Peer} peer
     * @param {import('../core/time.js').Formatter} format
     */
    show(rows, peer, format) {
      const kept = new Map(rows.map((row) => [row.key, draw(row, nodes.get(row.key), peer, format)]));
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
 * @param {Peer} peer
 * @param {import('../core/time.js').Formatter} format
 * @returns {HTMLElement}
 */
function draw(row, old, peer, format) {
  if (row.kind === 'message') {
    const node = old instanceof SottoMessage ? old : new SottoMessage();
    node.update({ row, conversation: peer.id, handle: peer.handle, format });
    return node;
  }
  if (row.kind === 'notice') {
    const node = old instanceof SottoNotice ? old : new SottoNotice();
    const { code, detail } = row.entry.notice ?? { code: 'other', detail: {} };
    node.update({ code, detail, handle: peer.handle, conversation: peer.id });
    return node;
  }
  const node = old ?? el('div', { class: row.kind }, el('span'));
  say(/** @type {Node} */ (node.firstChild), row.kind === 'day' ? row.label : t('timeline.unread'));
  return node;
}
