// @ts-check
// One message: a bubble with its text, time and, for own ones, its state in
// a sign and in words.

import { isBigEmoji } from '../core/emoji.js';
import { errorText, t } from '../core/strings.js';
import { segments } from '../core/text.js';
import { attr, el, emit, say } from './dom.js';
import { icon } from './icons.js';

/** @typedef {import('../core/contract.js').Entry} Entry */
/** @typedef {Extract<import('../core/timeline.js').Row, { kind: 'message' }>} MessageRow */

export class SottoMessage extends HTMLElement {
  // A direction of its own keeps it out of the message's, which comes from the text alone.
  #who = el('span', { class: 'sr', dir: 'ltr' });
  #text = el('p', { class: 'text' });
  #time = el('time');
  #state = el('span', { class: 'state', role: 'img' });
  #meta = el('span', { class: 'meta' }, this.#time);
  /** @type {HTMLElement | null} */
  #failure = null;
  #shown = '';
  /** @type {Entry | null} */
  entry = null;

  constructor() {
    super();
    this.tabIndex = -1;
    this.dir = 'auto';
    this.append(this.#who, this.#text, this.#meta);
  }

  /** @param {{ row: MessageRow, conversation: string, handle: string, format: import('../core/time.js').Formatter }} noun handle: of the other side */
  update({ row, conversation, handle, format }) {
    const { entry, status, first, last } = row;
    this.entry = entry;
    attr(this, 'data-own', entry.own);
    attr(this, 'data-first', first);
    attr(this, 'data-last', last);
    attr(this, 'data-status', status);
    say(this.#who, t('message.said', { name: entry.own ? t('message.you') : entry.sender.handle }));
    this.#write(entry.text);
    attr(this.#time, 'datetime', new Date(entry.time).toISOString());
    attr(this.#time, 'title', format.full(entry.time));
    say(this.#time, format.clock(entry.time));
    this.#mark(status);
    this.#fail(status === 'failed' ? entry : null, conversation, handle);
  }

  /** @param {string | undefined} text */
  #write(text) {
    const shown = text ?? t('message.newer');
    if (shown === this.#shown) return;
    this.#shown = shown;
    attr(this, 'data-big', isBigEmoji(shown));
    this.#text.replaceChildren(...segments(shown).map(({ text, href }) => (href ? link(text, href) : text)));
  }

  /** @param {MessageRow['status']} status */
  #mark(status) {
    if (status === null) {
      this.#state.remove();
      return;
    }
    const words = t(`status.${status}`);
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

/** @param {string} text @param {string} href */
function link(text, href) {
  return el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text);
}

customElements.define('sotto-message', SottoMessage);
