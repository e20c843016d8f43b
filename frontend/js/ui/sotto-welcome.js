// @ts-check
// What stands where a conversation would: how to start one.

import { t } from '../core/strings.js';
import { el, say } from './dom.js';
import { SottoInvite } from './sotto-invite.js';
import { SottoWho } from './sotto-who.js';

export class SottoWelcome extends HTMLElement {
  #title = el('h2');
  #text = el('p', { class: 'soft' });
  #invite = new SottoInvite();
  #who = new SottoWho();

  constructor() {
    super();
    this.append(el('div', { class: 'card' }, this.#title, this.#text, this.#invite, this.#who));
  }

  /** @param {{ me: import('../core/contract.js').Me, share: boolean, first: boolean }} noun whether there is no conversation yet */
  update({ me, share, first }) {
    say(this.#title, t('welcome.title', { handle: me.handle }));
    say(this.#text, t(first ? 'welcome.text' : 'welcome.again'));
    this.#who.hidden = !first;
    this.#invite.update({ link: me.link, share });
  }
}

customElements.define('sotto-welcome', SottoWelcome);
