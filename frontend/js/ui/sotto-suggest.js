// @ts-check
// Suggestions while one writes: what a word that begins with a sign may become.
// The focus stays in the text; Enter or Tab takes one, Escape takes none.

import { t } from '../core/strings.js';
import { wordAt } from '../core/suggest.js';
import { el } from './dom.js';
import { createOptions } from './options.js';

/** @typedef {import('../core/suggest.js').Suggestion} Suggestion */
/** @typedef {Record<string, (query: string) => Suggestion[] | Promise<Suggestion[]>>} Sources by the sign */

export class SottoSuggest extends HTMLElement {
  #field;
  #sources;
  #options;
  #taken;
  /** @type {Suggestion[]} */
  #shown = [];
  /** The word that Escape was pressed in. */
  #refused = -1;
  /** Counts questions: an answer to an old one is not shown. */
  #asked = 0;

  /**
   * @param {HTMLTextAreaElement} field
   * @param {Sources} sources
   * @param {() => void} taken the field was changed
   */
  constructor(field, sources, taken) {
    super();
    this.#field = field;
    this.#sources = sources;
    this.#taken = taken;
    this.hidden = true;
    this.#options = createOptions(t('composer.suggestions'), field, (i) => this.#take(i));
    this.append(this.#options.list);
  }

  /** The text or the place in it has changed. */
  async look() {
    const word = this.#word();
    const asked = ++this.#asked;
    if (word?.from !== this.#refused) this.#refused = -1;
    if (!word || this.#refused >= 0 || document.activeElement !== this.#field) return this.#show([]);
    const found = await this.#sources[word.sign]?.(word.query);
    if (asked === this.#asked) this.#show(found ?? []);
  }

  /** What may become something else: the word before the caret. */
  #word() {
    const { value, selectionStart, selectionEnd } = this.#field;
    return selectionStart === selectionEnd ? wordAt(value, selectionStart, Object.keys(this.#sources)) : null;
  }

  /** @param {Suggestion[]} found */
  #show(found) {
    this.#shown = found;
    this.hidden = found.length === 0;
    this.#options.show(found.map(({ sign, words }) => el('div', el('span', { class: 'sign', 'aria-hidden': 'true' }, sign), el('span', words))));
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether it was for the suggestions
   */
  key(event) {
    if (this.hidden || event.shiftKey || !this.#word()) return false;
    if (event.key === 'Escape') {
      this.#refused = this.#word()?.from ?? -1;
      this.#show([]);
    } else if (event.key === 'Tab') {
      this.#options.chooseActive(event);
    } else {
      return this.#options.key(event);
    }
    event.preventDefault();
    return true;
  }

  /** @param {number} i */
  #take(i) {
    const word = this.#word();
    const text = this.#shown[i]?.text;
    if (!word || text === undefined) return;
    this.#field.setRangeText(text, word.from, this.#field.selectionStart, 'end');
    this.#show([]);
    this.#taken();
  }
}

customElements.define('sotto-suggest', SottoSuggest);
