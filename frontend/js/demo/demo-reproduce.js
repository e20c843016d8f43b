// @ts-check
// Commands that do three operations of the protocol elsewhere.

import { SottoCopy } from '../ui/sotto-copy.js';
import { el } from './dom.js';
import { w } from './words.js';

/** @typedef {import('./state.js').State} State */

export class DemoReproduce extends HTMLElement {
  #list = el('div', { class: 'commands' });
  /** @type {unknown} */
  #shown = null;

  constructor() {
    super();
    this.append(el('h2', w('view.reproduce')), el('p', w('reproduce.text')), this.#list);
  }

  /** @param {State} state */
  update({ commands, subtle }) {
    if (!subtle) return this.#list.replaceChildren(el('p', w('reproduce.none')));
    if (commands === this.#shown) return;
    this.#shown = commands;
    this.#list.replaceChildren(...(commands ?? []).map(({ name, text, prints }) => {
      const copy = new SottoCopy();
      copy.update({ text, words: w('reproduce.copy') });
      return el('section', { 'data-command': name }, el('h3', w(`reproduce.${name}`)), el('p', { class: 'soft' }, w(`reproduce.${name}.text`)),
        el('pre', { tabindex: 0, role: 'region', 'aria-label': w(`reproduce.${name}`), dir: 'ltr' }, text),
        el('p', `${w('reproduce.expect')}: `, el('code', { class: 'prints', dir: 'ltr' }, prints)), copy);
    }));
  }
}

customElements.define('demo-reproduce', DemoReproduce);
