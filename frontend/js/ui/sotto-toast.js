// @ts-check
// Says for a short while what did not work. It stands in the top layer, above
// dialogs.

import { errorText } from '../core/strings.js';
import { el, say } from './dom.js';
import { icon } from './icons.js';

export class SottoToast extends HTMLElement {
  #words = el('span');
  /** @type {object | null} */
  #shown = null;

  constructor() {
    super();
    this.setAttribute('popover', 'manual');
    this.setAttribute('role', 'alert');
    this.append(icon('warning'), this.#words);
  }

  /** @param {{ toast: import('../core/model.js').Toast | null }} noun */
  update({ toast }) {
    if (toast === this.#shown) return;
    if (this.#shown) this.hidePopover();
    this.#shown = toast;
    say(this.#words, toast ? errorText(toast.code, toast.params) : '');
    if (toast) this.showPopover();
  }
}

customElements.define('sotto-toast', SottoToast);
