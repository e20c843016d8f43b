// @ts-check
// What a person is in a group, and what can be done about it: stands in the
// panel about them.

import { t } from '../core/strings.js';
import { createAsk } from './ask.js';
import { button } from './button.js';
import { el, emit, say } from './dom.js';

/** @typedef {import('../core/contract.js').Member} Member */

export class SottoMember extends HTMLElement {
  #conversation = '';
  /** @type {Member | null} */
  #member = null;
  #state = el('p', { class: 'soft' });
  #talk = button('button quiet', () => emit(this, { verb: 'seek', typed: this.#member?.handle ?? '' }));
  #promote = createAsk('promote', () => this.#rank('admin'));
  #demote = createAsk('demote', () => this.#rank('member'));
  #remove = createAsk('remove', () => this.#drop());

  constructor() {
    super();
    this.append(el('h3', t('member.group')), this.#state, this.#talk, this.#promote.node, this.#demote.node, this.#remove.node);
  }

  /** @param {{ conversation: string, member: Member | null, admin: boolean }} noun whether this account may change it */
  update({ conversation, member, admin }) {
    this.#conversation = conversation;
    this.#member = member;
    this.hidden = member === null;
    if (!member) return;
    const { handle, role, left, state } = member;
    say(this.#state, left ? t('member.left') : state ? t(`member.${state}`) : role === 'admin' ? t('member.admin') : '');
    say(this.#talk, t('member.talk', { handle }));
    const may = admin && !left && state !== 'removing';
    this.#promote.update(may && role === 'member' && state !== 'adding', { handle });
    this.#demote.update(may && role === 'admin', { handle });
    this.#remove.update(may, { handle });
    this.#state.hidden = this.#state.textContent === '';
  }

  /** @param {Member['role']} role */
  #rank(role) {
    for (const ask of [this.#promote, this.#demote]) ask.close();
    emit(this, { verb: 'change', op: 'setRole', args: { conversation: this.#conversation, account: this.#member?.account ?? '', role } });
  }

  #drop() {
    this.#remove.close();
    emit(this, { verb: 'close', kind: 'contact' });
    emit(this, { verb: 'change', op: 'removeMember', args: { conversation: this.#conversation, account: this.#member?.account ?? '' } });
  }
}

customElements.define('sotto-member', SottoMember);
