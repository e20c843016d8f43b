// @ts-check
// Chooses a reaction to a message: a few at hand, and every other emoji.

import { t } from '../core/strings.js';
import { createDialog } from './dialog.js';
import { el, emit } from './dom.js';
import { SottoEmoji } from './sotto-emoji.js';

/** @typedef {Extract<import('../core/model.js').Dialog, { kind: 'react' | 'delete' }>} AskDialog */

const AT_HAND = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

export class SottoReact extends HTMLElement {
  /** @type {AskDialog | null} */
  #about = null;
  #picker;
  #dialog;

  /** @param {{ loadEmoji: () => Promise<import('../core/emoji.js').Emoji[]> }} services */
  constructor({ loadEmoji }) {
    super();
    this.#picker = new SottoEmoji({ loadEmoji, recentTexts: () => [] });
    this.#picker.addEventListener('pick', (event) => this.#pick(/** @type {CustomEvent} */ (event).detail.emoji));
    const few = AT_HAND.map((emoji) => el('button', { type: 'button', class: 'button quiet', onclick: () => this.#pick(emoji) }, emoji));
    this.#dialog = createDialog(this, 'react', el('div', { class: 'few' }, ...few), this.#picker);
  }

  /** @param {{ dialog: import('../core/model.js').Dialog | null }} noun */
  update({ dialog }) {
    const about = dialog?.kind === 'react' ? dialog : null;
    const opened = about !== null && this.#about === null;
    this.#about = about;
    this.#dialog.show(about !== null, t('message.react'));
    if (opened) void this.#picker.open();
  }

  /** @param {string} emoji */
  #pick(emoji) {
    if (this.#about) emit(this, { verb: 'react', conversation: this.#about.conversation, entry: this.#about.entry, emoji });
  }
}

customElements.define('sotto-react', SottoReact);
