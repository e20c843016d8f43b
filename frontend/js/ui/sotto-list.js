// @ts-check
// The conversations, newest activity first. Each is a link to its address, so
// Back and a new tab work as everywhere.

import { hashOf } from '../core/route.js';
import { nameOf } from '../core/state.js';
import { t } from '../core/strings.js';
import { oneLine } from '../core/text.js';
import { arrange, attr, el, say } from './dom.js';
import { icon } from './icons.js';
import { SottoAvatar } from './sotto-avatar.js';

/** @typedef {import('../core/contract.js').Conversation} Conversation */
/** @typedef {{ conversation: Conversation, draft: string, active: boolean, place: ReturnType<typeof import('../core/state.js').placeOf>, now: number, format: import('../core/time.js').Formatter }} Noun */

/** One line of the list. */
class Item {
  #avatar = new SottoAvatar();
  #name = el('span', { class: 'name', dir: 'auto' });
  #verified = el('span', { class: 'verified', title: t('pane.verified') }, icon('verified'), el('span', { class: 'sr' }, t('pane.verified')));
  #other = el('span', { class: 'other' }, t('list.other'));
  #time = el('time', { class: 'time' });
  #line = el('span', { class: 'line', dir: 'auto' });
  #count = el('span', { 'aria-hidden': 'true' });
  #words = el('span', { class: 'sr' });
  #badge = el('span', { class: 'badge' }, this.#count, this.#words);
  #link = el('a', {}, this.#avatar,
    el('span', { class: 'top' }, this.#name, this.#verified, this.#other, this.#time),
    el('span', { class: 'bottom' }, this.#line, this.#badge));
  node = el('li', {}, this.#link);

  /** @param {Noun} noun */
  update({ conversation, draft, active, place, now, format }) {
    const { last, unread, verified, blocked, activity } = conversation;
    this.#avatar.update(conversation);
    attr(this.#link, 'href', hashOf(place.route));
    attr(this.#other, 'hidden', !place.other);
    attr(this.#link, 'aria-current', active ? 'page' : null);
    attr(this.#link, 'data-unread', unread > 0);
    attr(this.#link, 'data-blocked', blocked !== null && blocked.code !== 'superseded');
    say(this.#name, nameOf(conversation));
    attr(this.#verified, 'hidden', !verified);
    const time = last?.time ?? activity;
    attr(this.#time, 'datetime', new Date(time).toISOString());
    say(this.#time, time > 0 ? format.listTime(time, now) : '');
    say(this.#line, preview(conversation, active ? '' : draft));
    attr(this.#badge, 'hidden', unread === 0);
    say(this.#count, unread > 999 ? '999+' : String(unread));
    say(this.#words, t('list.unread', { n: unread }));
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
  const text = oneLine(last.text);
  if (last.own) return t('list.you', { text });
  return kind === 'group' ? t('list.said', { name: last.sender, text }) : text;
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
    attr(this.#none, 'hidden', nouns.length > 0 || !loaded);
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
