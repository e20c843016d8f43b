// @ts-check
// Chooses a reaction to a message: a few at hand, and every other emoji.

import { dialogOf } from '../core/state.js';
import { t } from '../core/strings.js';
import { button } from './button.js';
import { createDialog } from './dialog.js';
import { el, emit } from './dom.js';
import { SottoEmoji } from './sotto-emoji.js';

const AT_HAND = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

export class SottoReact extends HTMLElement {
  /** @type {ReturnType<typeof dialogOf<'react'>>} */
  #about = null;
  #picker;
  #dialog;

  /** @param {{ loadEmoji: () => Promise<import('../core/emoji.js').Emoji[]> }} services */
  constructor({ loadEmoji }) {
    super();
    this.#picker = new SottoEmoji({ loadEmoji, recentTexts: () => [] });
    this.#picker.addEventListener('pick', (event) => this.#pick(/** @type {CustomEvent} */ (event).detail.emoji));
    const few = AT_HAND.map((emoji) => button('button quiet', () => this.#pick(emoji), emoji));
    this.#dialog = createDialog(this, 'react', el('div', { class: 'few' }, ...few), this.#picker);
  }

  /** @param {{ state: import('../core/model.js').State }} noun */
  update({ state }) {
    this.#about = dialogOf(state, 'react');
    if (this.#dialog.show(this.#about !== null, t('message.react'))) void this.#picker.open();
  }

  /** @param {string} emoji */
  #pick(emoji) {
    if (this.#about) emit(this, { verb: 'react', conversation: this.#about.conversation, entry: this.#about.entry, emoji });
  }
}

customElements.define('sotto-react', SottoReact);
