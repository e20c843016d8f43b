// @ts-check
// A safety number in its twelve groups of digits.

import { el } from './dom.js';

export class SottoNumber extends HTMLElement {
  #shown = '';

  /** @param {{ number: string, label: string }} noun */
  update({ number, label }) {
    if (number === this.#shown) return;
    this.#shown = number;
    this.setAttribute('role', 'group');
    this.dir = 'ltr'; // the groups are compared one by one, in one order everywhere
    this.setAttribute('aria-label', label);
    this.replaceChildren(...number.split(' ').flatMap((group) => [el('span', group), ' ']));
  }
}

customElements.define('sotto-number', SottoNumber);
