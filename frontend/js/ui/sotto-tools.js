// @ts-check
// What can be done with one message. There is one such bar; it stands in the
// message that the pointer or the focus is on.

import { t } from '../core/strings.js';
import { attr, el, emit } from './dom.js';
import { icon } from './icons.js';

/** @typedef {import('../core/contract.js').Entry} Entry */

export class SottoTools extends HTMLElement {
  /** @type {Entry | null} */
  #entry = null;
  #conversation = '';
  #copy = tool('copy', t('message.copy'), () => this.#copyText());
  #inspect = tool('server', t('message.inspect'), () => this.#look());
  #discard = tool('trash', t('message.discard'), () => this.#drop());

  constructor() {
    super();
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', t('message.actions'));
    this.append(this.#copy, this.#inspect, this.#discard);
  }

  /** @param {{ entry: Entry, conversation: string }} noun */
  update({ entry, conversation }) {
    this.#entry = entry;
    this.#conversation = conversation;
    attr(this.#inspect, 'hidden', entry.position === null);
    attr(this.#discard, 'hidden', entry.state !== 'waiting');
  }

  #copyText() {
    emit(this, { verb: 'copy', text: this.#entry?.text ?? '', done: (ok) => ok || emit(this, { verb: 'toast', code: 'copy' }) });
  }

  #look() {
    if (this.#entry) emit(this, { verb: 'inspect', conversation: this.#conversation, entry: this.#entry });
  }

  #drop() {
    if (this.#entry) emit(this, { verb: 'discard', conversation: this.#conversation, id: this.#entry.id });
  }
}

/**
 * @param {import('./icons.js').IconName} name
 * @param {string} words
 * @param {() => void} act
 */
function tool(name, words, act) {
  return el('button', { type: 'button', 'aria-label': words, title: words, onclick: act }, icon(name));
}

customElements.define('sotto-tools', SottoTools);
