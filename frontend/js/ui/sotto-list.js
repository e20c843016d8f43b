// @ts-check
// The conversations, newest activity first. Each is a link to its address, so
// Back and a new tab work as everywhere.

import { hashOf } from '../core/route.js';
import { isHere, nameOf, typingWords } from '../core/state.js';
import { t } from '../core/strings.js';
import { oneLine } from '../core/text.js';
import { arrange, attr, el, emit, say } from './dom.js';
import { icon, sign } from './icons.js';
import { openMenu } from './menu.js';
import { SottoAvatar } from './sotto-avatar.js';

/** @typedef {import('../core/contract.js').Conversation} Conversation */
/** @typedef {{ conversation: Conversation, draft: string, typing: import('../core/contract.js').Person[] | undefined, active: boolean, place: ReturnType<typeof import('../core/state.js').placeOf>, now: number, format: import('../core/time.js').Formatter }} Noun */

/** One line of the list. */
class Item {
  #avatar = new SottoAvatar();
  #name = el('span', { class: 'name', dir: 'auto' });
  #verified = sign('verified', t('pane.verified'), 'verified');
  #other = el('span', { class: 'other' }, t('list.other'));
  #time = el('time', { class: 'time' });
  #line = el('span', { class: 'line', dir: 'auto' });
  #muted = sign('mute', t('list.muted'), 'mark-of');
  #pinned = sign('pin', t('list.pinned'), 'mark-of');
  #at = el('span', { class: 'at' }, el('span', { 'aria-hidden': 'true' }, '@'), el('span', { class: 'sr' }));
  #here = el('span', { class: 'sr' });
  #count = el('span', { 'aria-hidden': 'true' });
  #words = el('span', { class: 'sr' });
  #badge = el('span', { class: 'badge' }, this.#count, this.#words);
  #link = el('a', this.#avatar,
    el('span', { class: 'top' }, this.#name, this.#here, this.#verified, this.#other, this.#muted, this.#time),
    el('span', { class: 'bottom' }, this.#line, this.#pinned, this.#at, this.#badge));
  #menu = el('button', { type: 'button', class: 'button ghost icon-only', 'aria-haspopup': 'menu', onclick: () => this.#open() }, icon('more'));
  node = el('li', { oncontextmenu: (/** @type {Event} */ e) => (e.preventDefault(), this.#open()) }, this.#link, this.#menu);
  /** @type {Conversation | null} */
  #conversation = null;

  /** What can be done with it. */
  #open() {
    if (!this.#conversation) return;
    const { id, muted, pinned, marked, unread } = this.#conversation;
    /** @param {'mute' | 'pin' | 'mark'} op @param {boolean} on */
    const put = (op, on) => emit(this.#menu, { verb: 'put', op, conversation: id, on });
    const left = unread > 0 || marked;
    openMenu(this.#menu, t('list.menu', { name: nameOf(this.#conversation) }), [
      { sign: 'pin', words: t(pinned ? 'list.unpin' : 'list.pin'), act: () => put('pin', !pinned) },
      { sign: 'mute', words: t(muted ? 'list.unmute' : 'list.mute'), act: () => put('mute', !muted) },
      (!left || marked) && { sign: 'check', words: t(marked ? 'list.unmark' : 'list.mark'), act: () => put('mark', !marked) },
    ]);
  }

  /** @param {Noun} noun */
  update({ conversation, draft, typing, active, place, now, format }) {
    const { last, unread, verified, blocked, activity, muted, pinned, marked, mentions } = conversation;
    this.#conversation = conversation;
    this.#avatar.update(conversation, isHere(conversation));
    say(this.#here, isHere(conversation) ? t('pane.here') : '');
    attr(this.#menu, 'aria-label', t('list.menu', { name: nameOf(conversation) }));
    this.#muted.hidden = !muted;
    this.#pinned.hidden = !pinned;
    this.#at.hidden = mentions === 0;
    say(/** @type {Node} */ (this.#at.lastChild), t('list.mentions', { n: mentions }));
    attr(this.#link, 'data-muted', muted);
    attr(this.#link, 'href', hashOf(place.route));
    this.#other.hidden = !place.other;
    attr(this.#link, 'aria-current', active ? 'page' : null);
    attr(this.#link, 'data-unread', unread > 0 || marked);
    attr(this.#link, 'data-blocked', blocked !== null && blocked.code !== 'superseded');
    say(this.#name, nameOf(conversation));
    this.#verified.hidden = !verified;
    const time = last?.time ?? activity;
    attr(this.#time, 'datetime', new Date(time).toISOString());
    say(this.#time, time > 0 ? format.listTime(time, now) : '');
    const writes = typingWords(typing);
    say(this.#line, writes || preview(conversation, active ? '' : draft));
    attr(this.#line, 'data-writes', writes !== '');
    this.#badge.hidden = unread === 0 && !marked;
    say(this.#count, unread > 999 ? '999+' : unread > 0 ? String(unread) : '');
    say(this.#words, unread > 0 ? t('list.unread', { n: unread }) : t('list.marked'));
  }
}

/**
 * @param {Conversation} conversation
 * @param {string} draft
 */
function preview({ kind, last, blocked, waiting, ended, lost }, draft) {
  if (blocked && blocked.code !== 'superseded') return t('list.blocked');
  if (waiting) return t('list.waiting');
  if (ended) return t(`list.${ended}`);
  if (lost) return t('list.lost');
  if (draft.trim() !== '') return t('list.draft', { text: oneLine(draft) });
  if (!last) return t('list.empty');
  const text = oneLine(last.text) || t('message.deleted');
  if (!last.own && kind === 'direct') return text;
  return t('list.said', { name: last.own ? t('message.you') : last.sender, text });
}

export class SottoList extends HTMLElement {
  /** @type {Map<string, Item>} */
  #items = new Map();
  #list = el('ul');
  #none = el('p', { class: 'none' }, t('list.none'));

  constructor() {
    super();
    this.append(el('nav', { 'aria-label': t('list.label') }, this.#list, this.#none));
  }

  /** @param {string} id of a conversation */
  focusOn(id) {
    this.#items.get(id)?.node.querySelector('a')?.focus();
  }

  /** @param {{ nouns: Noun[], loaded: boolean }} noun */
  update({ nouns, loaded }) {
    this.#none.hidden = nouns.length > 0 || !loaded;
    const nodes = nouns.map((noun) => {
      const { id } = noun.conversation;
      const item = this.#items.get(id) ?? new Item();
      this.#items.set(id, item);
      item.update(noun);
      return item.node;
    });
    arrange(this.#list, nodes);
  }
}

customElements.define('sotto-list', SottoList);
