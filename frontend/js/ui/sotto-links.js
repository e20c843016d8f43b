// @ts-check
// The links that lead into a group: those there are, and a new one.

import { t } from '../core/strings.js';
import { createAsk } from './ask.js';
import { arrange, el, emit, say } from './dom.js';
import { labelled } from './field.js';
import { SottoInvite } from './sotto-invite.js';

/** @typedef {import('../core/contract.js').Link} Link */
/** @typedef {{ conversation: string, links: readonly Link[], admin: boolean, share: boolean, format: import('../core/time.js').Formatter }} Noun */

/** What can be chosen; the second of each is. */
const DAYS = [1, 7, 30];
const USES = [1, 10, 50, 100];

/** One link: what is left of it, itself, and its end. */
class Item {
  #invite = new SottoInvite(t('link.label'), t('link.qr'));
  #summary = el('summary', { class: 'button quiet' });
  #revoke;
  node;

  /** @param {() => void} revoke @param {boolean} open */
  constructor(revoke, open) {
    this.#revoke = createAsk('revoke', revoke);
    this.node = el('details', { class: 'ask', open }, this.#summary, el('div', { class: 'inside' }, this.#invite, this.#revoke.node));
  }

  /** @param {Link} link @param {Noun} noun */
  update({ url, expiry, uses, used, state }, { admin, share, format }) {
    say(this.#summary, t(`link.${state}`, { date: format.date(expiry), used, uses }));
    this.#invite.update({ link: url, share });
    this.#revoke.update(admin && state === 'open');
  }
}

export class SottoLinks extends HTMLElement {
  #conversation = '';
  /** @type {Map<string, Item>} */
  #items = new Map();
  #list = el('div', { class: 'all' });
  #none = el('p', { class: 'soft' }, t('link.none'));
  #days = choice(DAYS, 'link.days.n');
  #uses = choice(USES, 'link.uses.n');
  #ask = createAsk('link', () => this.#make(), el('div', { class: 'two' }, labelled(t('link.days'), this.#days), labelled(t('link.uses'), this.#uses)));
  /** A link was asked for and is shown as soon as it is there. */
  #asked = false;

  constructor() {
    super();
    this.append(el('h3', t('link.title')), el('p', { class: 'soft' }, t('link.text')), this.#list, this.#none, this.#ask.node);
  }

  /** @param {Noun} noun */
  update(noun) {
    const { conversation, links, admin } = noun;
    this.#conversation = conversation;
    for (const id of this.#items.keys()) if (!links.some((link) => link.id === id)) this.#items.delete(id);
    arrange(this.#list, links.map((link) => {
      const item = this.#items.get(link.id) ?? this.#add(link.id);
      item.update(link, noun);
      return item.node;
    }));
    this.#none.hidden = links.length > 0;
    this.#ask.update(admin);
  }

  /** @param {string} id */
  #add(id) {
    const item = new Item(() => emit(this, { verb: 'change', op: 'revokeLink', args: { conversation: this.#conversation, link: id } }), this.#asked);
    this.#asked = false;
    this.#items.set(id, item);
    return item;
  }

  #make() {
    this.#asked = true;
    this.#ask.close();
    const args = { conversation: this.#conversation, days: Number(this.#days.value), uses: Number(this.#uses.value) };
    emit(this, { verb: 'change', op: 'makeLink', args });
  }
}

/** @param {number[]} values @param {'link.days.n' | 'link.uses.n'} words */
function choice(values, words) {
  return el('select', { class: 'input' }, ...values.map((n, i) => el('option', { value: n, selected: i === 1 }, t(words, { n }))));
}

customElements.define('sotto-links', SottoLinks);
