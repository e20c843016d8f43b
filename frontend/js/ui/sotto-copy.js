// @ts-check
// A button that copies a text and says whether that worked.

import { t } from '../core/strings.js';
import { button } from './button.js';
import { attr, el, emit, say } from './dom.js';
import { icon } from './icons.js';

/** How long "Copied" stands on the button. */
const SAID_MS = 2000;

export class SottoCopy extends HTMLElement {
  #text = '';
  #words = t('copy.button');
  #said = el('span', { class: 'said' });
  #status = el('span', { class: 'sr', role: 'status' });
  #button = button('button quiet', () => this.#copy(), icon('copy'), this.#said);
  #timer = 0;

  constructor() {
    super();
    this.append(this.#button, this.#status);
  }

  /** @param {{ text: string, words?: string }} noun */
  update({ text, words = t('copy.button') }) {
    this.#text = text;
    this.#words = words;
    if (this.#timer === 0) this.#show('', words);
  }

  #copy() {
    emit(this, { verb: 'copy', text: this.#text, done: (ok) => this.#done(ok) });
  }

  /** @param {boolean} ok */
  #done(ok) {
    const words = t(ok ? 'copy.done' : 'error.copy');
    this.#show(ok ? 'done' : 'failed', words);
    say(this.#status, words);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      say(this.#status, '');
      this.#show('', this.#words);
    }, SAID_MS);
  }

  /** @param {string} state @param {string} words */
  #show(state, words) {
    attr(this.#button, 'data-state', state || null);
    say(this.#said, words);
  }
}

customElements.define('sotto-copy', SottoCopy);
