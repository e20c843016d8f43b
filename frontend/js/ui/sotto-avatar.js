// @ts-check
// A circle with the first letter of a name, coloured by the account behind it:
// another account under the same name looks different.

import { attr, say } from './dom.js';

const TINTS = 8;

export class SottoAvatar extends HTMLElement {
  constructor() {
    super();
    this.setAttribute('aria-hidden', 'true');
  }

  /** @param {{ handle: string, account: string }} person */
  update({ handle, account }) {
    say(this, [...handle][0]?.toUpperCase() ?? '');
    attr(this, 'data-tint', (parseInt(account.slice(0, 6), 16) || 0) % TINTS);
  }
}

customElements.define('sotto-avatar', SottoAvatar);
