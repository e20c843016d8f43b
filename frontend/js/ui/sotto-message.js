// @ts-check
// One message: a bubble with its text, time and, for own ones, its state in
// a sign and in words.

import { isBigEmoji } from '../core/emoji.js';
import { parse } from '../core/markdown.js';
import { marked, wordsOf } from '../core/mentions.js';
import { errorText, t } from '../core/strings.js';
import { oneLine, shown } from '../core/text.js';
import { button } from './button.js';
import { arrange, attr, el, emit, say } from './dom.js';
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
  /** What it answers. @type {HTMLElement | null} */
  #quote = null;
  /** @type {HTMLElement | null} */
  #reactions = null;
  /** @type {HTMLElement | null} */
  #edited = null;
  /** What could not be sent, one line each. @type {HTMLElement | null} */
  #failures = null;
  /** @type {HTMLElement | null} */
  #more = null;
  #written = '';
  #all = false;
  #conversation = '';
  #me = '';
  /** @type {Entry | null} */
  entry = null;

  constructor() {
    super();
    this.tabIndex = -1;
    this.dir = 'auto';
    this.append(this.#who, this.#text, this.#meta);
  }

  /** @param {{ row: MessageRow, conversation: import('../core/contract.js').Conversation, me: string, format: import('../core/time.js').Formatter }} noun me: this account */
  update({ row, conversation, me, format }) {
    const { entry, status, first, last } = row;
    if (this.entry?.id !== entry.id) this.#all = false;
    this.entry = entry;
    this.#conversation = conversation.id;
    this.#me = me;
    attr(this, 'data-own', entry.own);
    attr(this, 'data-first', first);
    attr(this, 'data-last', last);
    attr(this, 'data-status', status);
    attr(this, 'data-deleted', entry.deleted !== undefined);
    this.#from(entry, conversation.kind === 'group' && !entry.own, first, last);
    this.#answer(entry.reply);
    this.#write(entry);
    attr(this.#time, 'datetime', new Date(entry.time).toISOString());
    attr(this.#time, 'title', format.full(entry.time));
    say(this.#time, format.clock(entry.time));
    this.#edit(entry);
    const changing = entry.changes?.some((c) => c.state !== 'failed') ?? false;
    this.#mark(changing && status !== 'failed' ? 'waiting' : status, changing ? t('status.change') : '');
    this.#react(entry);
    this.#fail(entry, conversation.handle);
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

  /** @param {Entry['reply']} reply */
  #answer(reply) {
    if (!reply) return this.#quote?.remove();
    const { id, position, sender, text, state } = reply;
    const go = () => emit(this, { verb: 'jump', conversation: this.#conversation, id, position });
    const name = sender.account === this.#me ? t('message.you') : sender.handle;
    const quote = el('button', { type: 'button', class: 'quote', disabled: state === 'unknown', onclick: go },
      el('span', { class: 'sr' }, t('message.replies')), el('span', { class: 'name' }, name), el('span', { class: 'words', dir: 'auto' }, state === 'here' ? oneLine(text) : t(`message.${state}`)));
    if (this.#quote?.textContent === quote.textContent && this.#quote.isConnected) return;
    this.#quote?.remove();
    this.#quote = quote;
    this.#text.before(quote);
  }

  /** @param {Entry} entry */
  #write({ text, mentions = [], deleted }) {
    const words = deleted ? t('message.deleted') : (text ?? t('message.newer'));
    const written = words + mentions.map((m) => m.handle).join();
    if (written === this.#written) return;
    this.#written = written;
    const { text: visible, cut } = shown(marked(words, mentions), this.#all);
    const named = mentions.map((m) => ({ words: wordsOf(m, words), me: m.account === this.#me }));
    attr(this, 'data-big', isBigEmoji(visible));
    this.#text.replaceChildren(...nodesOf(parse(visible), () => named.shift()));
    if (cut) this.#text.after((this.#more ??= more(() => this.#showAll())));
    else this.#more?.remove();
  }

  /** Shows the end of a very long text. */
  #showAll() {
    this.#all = true;
    this.#written = '';
    if (this.entry) this.#write(this.entry);
    this.focus({ preventScroll: true });
  }

  /** @param {Entry} entry */
  #edit({ edited }) {
    if (edited === undefined) return this.#edited?.remove();
    const show = () => this.entry && emit(this, { verb: 'details', conversation: this.#conversation, entry: this.entry });
    this.#edited ??= button('edited', show, t('message.edited'));
    if (!this.#edited.isConnected) this.#meta.prepend(this.#edited);
  }

  /** @param {MessageRow['status']} status @param {string} instead words for a change that waits */
  #mark(status, instead) {
    if (status === null) {
      this.#state.remove();
      return;
    }
    const words = instead || t(`status.${status}`);
    if (this.#state.getAttribute('aria-label') !== words) this.#state.replaceChildren(icon(status));
    attr(this.#state, 'aria-label', words);
    attr(this.#state, 'title', words);
    if (!this.#state.isConnected) this.#meta.append(this.#state);
  }

  /** @param {Entry} entry */
  #react({ reactions = [] }) {
    if (reactions.length === 0) return this.#reactions?.remove();
    this.#reactions ??= el('div', { class: 'reactions', role: 'group', 'aria-label': t('message.reactions') });
    const known = new Map([.../** @type {HTMLCollectionOf<HTMLElement>} */ (this.#reactions.children)].map((node) => [node.dataset.emoji, node]));
    arrange(this.#reactions, reactions.map(({ emoji, own, who }) => {
      const toggle = () => this.entry && emit(this, { verb: 'react', conversation: this.#conversation, entry: this.entry, emoji });
      const node = known.get(emoji) ?? el('button', { type: 'button', 'data-emoji': emoji, onclick: toggle }, el('span', { class: 'sign' }, emoji), el('span'));
      const names = who.map((w) => (w.account === this.#me ? t('message.you') : w.handle)).join(', ');
      attr(node, 'aria-pressed', own ? 'true' : 'false');
      attr(node, 'aria-label', t('message.reacted', { emoji, n: who.length, names }));
      attr(node, 'title', names);
      say(/** @type {Node} */ (node.lastChild), String(who.length));
      return node;
    }));
    if (!this.#reactions.isConnected) this.#meta.after(this.#reactions);
  }

  /** @param {Entry} entry @param {string} handle */
  #fail({ id, state, error, changes = [] }, handle) {
    const failed = changes.filter((c) => c.state === 'failed').map((c) => ({ id: c.id, error: c.error, what: t(`change.${c.kind}`) }));
    if (state === 'failed') failed.unshift({ id, error, what: t('status.failed') });
    if (failed.length === 0) return this.#failures?.remove();
    this.#failures ??= el('div', { class: 'failures' });
    const known = new Map([.../** @type {HTMLCollectionOf<HTMLElement>} */ (this.#failures.children)].map((node) => [node.dataset.id, node]));
    arrange(this.#failures, failed.map(({ id: of, error: why, what }) => {
      const node = known.get(of) ?? failure(this, this.#conversation, of);
      say(/** @type {Node} */ (node.firstChild), why ? `${what}. ${errorText(why.code, { handle })}` : `${what}.`);
      return node;
    }));
    if (!this.#failures.isConnected) this.append(this.#failures);
  }
}

/**
 * @param {Element} from
 * @param {string} conversation
 * @param {string} id of a message, or of a change to one
 */
function failure(from, conversation, id) {
  const retry = () => emit(from, { verb: 'retry', conversation, id });
  const discard = () => emit(from, { verb: 'discard', conversation, id });
  return el('div', { class: 'failure', 'data-id': id },
    el('span', { class: 'reason' }),
    button('button small', retry, icon('retry'), t('message.retry')),
    button('button small quiet', discard, icon('trash'), t('message.discard')));
}

/** @param {() => void} show */
function more(show) {
  return button('button small quiet more', show, t('message.more'));
}

customElements.define('sotto-message', SottoMessage);
