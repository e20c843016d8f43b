// @ts-check
// The members of a group. Of many a part is drawn until more is asked for, and
// a field finds one by the name.

import { toHandle } from '../core/handle.js';
import { t } from '../core/strings.js';
import { button } from './button.js';
import { arrange, attr, el, emit, say } from './dom.js';
import { nameField } from './field.js';
import { sign } from './icons.js';
import { SottoAvatar } from './sotto-avatar.js';

/** @typedef {import('../core/contract.js').Member} Member */

/** Drawn at first; from so many on there is a field to find one. */
const PART = 40;
const MANY = 12;

/** @param {Member} member */
const rank = ({ you, role }) => (you ? 0 : role === 'admin' ? 1 : 2);

/** One line of the list. */
class Row {
  #avatar = new SottoAvatar();
  #name = el('span', { class: 'name' });
  #verified = sign('verified', t('pane.verified'), 'verified');
  #state = el('span', { class: 'state' });
  #role = el('span', { class: 'role' });
  button;
  node;

  /** @param {() => void} open */
  constructor(open) {
    this.button = el('button', { type: 'button', onclick: open }, this.#avatar,
      el('span', { class: 'who' }, el('span', { class: 'top' }, this.#name, this.#verified), this.#state), this.#role);
    this.node = el('li', this.button);
  }

  /** @param {Member} member @param {boolean} here now */
  update(member, here) {
    const { handle, role, verified, you, left, state } = member;
    this.#avatar.update(member, here);
    say(this.#name, you ? t('member.you', { handle }) : handle);
    this.#verified.hidden = !verified;
    this.#role.hidden = role !== 'admin';
    say(this.#role, t('member.admin'));
    say(this.#state, left ? t('member.left') : state === '' ? (here ? t('pane.here') : '') : t(`member.${state}`));
    attr(this.button, 'data-state', state);
    this.button.disabled = you;
  }
}

export class SottoMembers extends HTMLElement {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #conversation = '';
  /** @type {readonly Member[]} */
  #members = [];
  /** Who is here now. @type {readonly string[]} */
  #online = [];
  #most = PART;
  #find = nameField({ 'aria-label': t('group.find'), placeholder: t('group.find'), oninput: () => this.#draw() });
  #list = el('ul');
  #none = el('p', { class: 'soft', role: 'status' });
  #more = button('button small quiet', () => this.#all());

  constructor() {
    super();
    this.append(this.#find, this.#list, this.#none, this.#more);
  }

  /** @param {{ conversation: string, members: readonly Member[], online: readonly string[] }} noun */
  update({ conversation, members, online }) {
    if (conversation !== this.#conversation) {
      this.#rows.clear();
      this.#most = PART;
      this.#find.value = '';
    }
    const same = members === this.#members && online === this.#online && conversation === this.#conversation;
    this.#conversation = conversation;
    this.#online = online;
    if (same) return;
    this.#members = members.toSorted((a, b) => rank(a) - rank(b) || a.handle.localeCompare(b.handle));
    this.#draw();
  }

  /** @param {string} account of the member that gets the focus */
  focusOn(account) {
    this.#rows.get(account)?.button.focus();
  }

  #all() {
    const first = this.#most;
    this.#most = Infinity;
    this.#draw();
    this.#list.children[first]?.querySelector('button')?.focus();
  }

  #draw() {
    const name = toHandle(this.#find.value);
    const found = this.#members.filter((m) => m.handle.includes(name));
    this.#find.hidden = this.#members.length < MANY;
    arrange(this.#list, found.slice(0, this.#most).map((member) => this.#row(member).node));
    say(this.#none, found.length === 0 && name !== '' ? t('switch.none') : '');
    const rest = found.length - this.#most;
    this.#more.hidden = rest <= 0;
    say(this.#more, t('group.all', { n: rest }));
  }

  /** @param {Member} member */
  #row(member) {
    const { account } = member;
    const row = this.#rows.get(account) ?? new Row(() => emit(this, { verb: 'contact', conversation: this.#conversation, account }));
    this.#rows.set(account, row);
    row.update(member, this.#online.includes(account));
    return row;
  }
}

customElements.define('sotto-members', SottoMembers);
