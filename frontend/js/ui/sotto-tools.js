// @ts-check
// What can be done with one message. There is one such bar; it stands in the
// message that the pointer or the focus is on, or that was pressed for long.

import { t } from '../core/strings.js';
import { signButton } from './button.js';
import { attr, emit } from './dom.js';
import { openMenu } from './menu.js';

/** @typedef {import('../core/contract.js').Entry} Entry */

export class SottoTools extends HTMLElement {
  /** @type {Entry | null} */
  #entry = null;
  #conversation = '';
  #react = tool('smile', t('message.react'), () => this.#does({ verb: 'ask', what: 'react' }));
  #reply = tool('reply', t('message.reply'), () => this.#compose({ kind: 'reply', entry: this.#of }));
  #edit = tool('edit', t('message.edit'), () => this.#compose({ kind: 'edit', entry: this.#of, text: this.#of.text ?? '' }));
  #inspect = tool('server', t('message.inspect'), () => this.#does({ verb: 'inspect' }));
  #discard = tool('trash', t('message.discard'), () => emit(this, { verb: 'discard', conversation: this.#conversation, id: this.#of.id }));
  #more = tool('more', t('message.actions'), () => this.menu());

  constructor() {
    super();
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', t('message.actions'));
    attr(this.#more, 'aria-haspopup', 'menu');
    this.append(this.#react, this.#reply, this.#edit, this.#inspect, this.#discard, this.#more);
  }

  /** @override */
  focus() {
    /** @type {HTMLElement | null} */ (this.querySelector('button:not([hidden])'))?.focus();
  }

  get #of() {
    return /** @type {Entry} */ (this.#entry);
  }

  /** @param {{ entry: Entry, conversation: string, writes: boolean }} noun whether this account can write here */
  update({ entry, conversation, writes }) {
    this.#entry = entry;
    this.#conversation = conversation;
    const { own, position, deleted, state } = entry;
    const alive = writes && !deleted && entry.text !== undefined;
    this.#react.hidden = !alive || position === null;
    this.#reply.hidden = !alive || position === null;
    this.#edit.hidden = !alive || !own || state === 'failed';
    this.#inspect.hidden = position === null;
    this.#discard.hidden = state !== 'waiting';
    this.#more.hidden = Boolean(deleted) && !own || entry.text === undefined;
  }

  /** Everything that is not in the bar. */
  menu() {
    const { own, position, deleted, edited, reactions, text } = this.#of;
    const sent = position !== null;
    openMenu(this.#more, t('message.actions'), [
      text !== undefined && !deleted && { sign: 'copy', words: t('message.copy'), act: () => this.#copyText() },
      sent && Boolean(own || edited || reactions) && { sign: 'info', words: t('message.details'), act: () => this.#does({ verb: 'details' }) },
      own && sent && !deleted && { sign: 'trash', words: t('message.delete'), act: () => this.#does({ verb: 'ask', what: 'delete' }) },
    ]);
  }

  /** @param {{ verb: 'details' | 'inspect' } | { verb: 'ask', what: 'react' | 'delete' }} asked */
  #does(asked) {
    emit(this, { ...asked, conversation: this.#conversation, entry: this.#of });
  }

  /** @param {import('../core/model.js').Composing} composing */
  #compose(composing) {
    emit(this, { verb: 'compose', conversation: this.#conversation, composing });
  }

  #copyText() {
    emit(this, { verb: 'copy', text: this.#of.text ?? '', done: (ok) => ok || emit(this, { verb: 'toast', code: 'copy' }) });
  }
}

/**
 * @param {import('./icons.js').IconName} name
 * @param {string} words
 * @param {() => void} act
 */
function tool(name, words, act) {
  return signButton(name, words, { class: null, onclick: act });
}

customElements.define('sotto-tools', SottoTools);
