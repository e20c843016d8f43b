// @ts-check
// One message: a bubble with its text, time and, for own ones, its state in
// a sign and in words.

import { isBigEmoji } from '../core/emoji.js';
import { errorText, t } from '../core/strings.js';
import { parse } from '../core/markdown.js';
import { shown } from '../core/text.js';
import { attr, el, emit, say } from './dom.js';
import { icon } from './icons.js';
import { SottoAvatar, tintOf } from './sotto-avatar.js';
import { nodesOf } from './text.js';

/** @typedef {import('../core/contract.js').Entry} Entry */
/** @typedef {Extract<import('../core/timeline.js').Row, { kind: 'message' }>} MessageRow */

export class SottoMessage extends HTMLElement {
  // A direction of its own keeps it out of the message's, which comes from the text alone.
  #name = el('span', { class: 'name' });
  #who = el('span', { class: 'sr', dir: 'ltr' }, this.#name, el('span', { class: 'sr' }, t('message.said', { name: '' })));
  #text = el('div', { class: 'text' });
  #time = el('time');
  #state = el('span', { class: 'state', role: 'img' });
  #meta = el('span', { class: 'meta' }, this.#time);
  /** @type {SottoAvatar | null} */
  #avatar = null;
  /** @type {HTMLElement | null} */
  #failure = null;
  /** @type {HTMLElement | null} */
  #more = null;
  #written = '';
  #all = false;
  /** @type {Entry | null} */
  entry = null;

  constructor() {
    super();
    this.tabIndex = -1;
    this.dir = 'auto';
    this.append(this.#who, this.#text, this.#meta);
  }

  /** @param {{ row: MessageRow, conversation: import('../core/contract.js').Conversation, format: import('../core/time.js').Formatter }} noun */
  update({ row, conversation, format }) {
    const { entry, status, first, last } = row;
    if (this.entry?.id !== entry.id) this.#all = false;
    this.entry = entry;
    attr(this, 'data-own', entry.own);
    attr(this, 'data-first', first);
    attr(this, 'data-last', last);
    attr(this, 'data-status', status);
    this.#from(entry, conversation.kind === 'group' && !entry.own, first, last);
    this.#write(entry.text);
    attr(this.#time, 'datetime', new Date(entry.time).toISOString());
    attr(this.#time, 'title', format.full(entry.time));
    say(this.#time, format.clock(entry.time));
    this.#mark(status);
    this.#fail(status === 'failed' ? entry : null, conversation.id, conversation.handle);
  }

  /**
   * Who wrote it.
   * @param {Entry} entry
   * @param {boolean} seen as in a group: above the first, and beside the last of their messages in a row
   * @param {boolean} first
   * @param {boolean} last
   */
  #from({ own, sender }, seen, first, last) {
    say(this.#name, own ? t('message.you') : sender.handle);
    attr(this.#who, 'class', seen && first ? 'who' : 'sr');
    attr(this, 'data-tint', seen ? tintOf(sender.account) : null);
    if (!seen || !last) return this.#avatar?.remove();
    this.#avatar ??= new SottoAvatar();
    this.#avatar.update(sender);
    if (!this.#avatar.isConnected) this.prepend(this.#avatar);
  }

  /** @param {string | undefined} text */
  #write(text) {
    const words = text ?? t('message.newer');
    if (words === this.#written) return;
    this.#written = words;
    const { text: visible, cut } = shown(words, this.#all);
    attr(this, 'data-big', isBigEmoji(visible));
    this.#text.replaceChildren(...nodesOf(parse(visible)));
    if (cut) this.#text.after((this.#more ??= more(() => this.#showAll())));
    else this.#more?.remove();
  }

  /** Shows the end of a very long text. */
  #showAll() {
    this.#all = true;
    this.#written = '';
    this.#write(this.entry?.text);
    this.focus({ preventScroll: true });
  }

  /** @param {MessageRow['status']} status */
  #mark(status) {
    if (status === null) {
      this.#state.remove();
      return;
    }
    const words = t(`status.${status}`);
    if (this.#state.getAttribute('aria-label') !== words) this.#state.replaceChildren(icon(status));
    attr(this.#state, 'aria-label', words);
    attr(this.#state, 'title', words);
    if (!this.#state.isConnected) this.#meta.append(this.#state);
  }

  /** @param {Entry | null} entry that failed @param {string} conversation @param {string} handle */
  #fail(entry, conversation, handle) {
    if (entry === null) {
      this.#failure?.remove();
      this.#failure = null;
      return;
    }
    this.#failure ??= failure(this, conversation, entry.id);
    say(/** @type {Node} */ (this.#failure.firstChild), reason(entry, handle));
    if (!this.#failure.isConnected) this.append(this.#failure);
  }
}

/** @param {Entry} entry @param {string} handle */
function reason({ error }, handle) {
  const failed = t('status.failed');
  return error ? `${failed}. ${errorText(error.code, { handle })}` : `${failed}.`;
}

/**
 * @param {Element} from
 * @param {string} conversation
 * @param {string} id
 */
function failure(from, conversation, id) {
  const retry = () => emit(from, { verb: 'retry', conversation, id });
  const discard = () => emit(from, { verb: 'discard', conversation, id });
  return el('div', { class: 'failure' },
    el('span', { class: 'reason' }),
    el('button', { type: 'button', class: 'button small', onclick: retry }, icon('retry'), t('message.retry')),
    el('button', { type: 'button', class: 'button small quiet', onclick: discard }, icon('trash'), t('message.discard')));
}

/** @param {() => void} show */
function more(show) {
  return el('button', { type: 'button', class: 'button small quiet more', onclick: show }, t('message.more'));
}

customElements.define('sotto-message', SottoMessage);
