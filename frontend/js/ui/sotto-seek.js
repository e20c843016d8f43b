// @ts-check
// Stands for a conversation whose other side is being looked up, or could not
// be found, and for a group whose link is being used.

import { errorText, t } from '../core/strings.js';
import { button } from './button.js';
import { el, emit, say } from './dom.js';
import { icon } from './icons.js';
import { SottoInvite } from './sotto-invite.js';

export class SottoSeek extends HTMLElement {
  #words = el('p', { role: 'status' });
  #again = button('button', () => emit(this, { verb: 'seek-again' }), icon('retry'), t('pane.retry'));
  #back = button('button quiet', () => emit(this, { verb: 'go', route: {} }), icon('back'), t('pane.back'));

  #invite = new SottoInvite();

  constructor() {
    super();
    this.append(el('div', { class: 'card' }, this.#words, this.#invite, el('div', { class: 'buttons' }, this.#again, this.#back)));
  }

  /** @param {{ handle: string, error: string | null, link: string, share: boolean }} noun */
  update({ handle, error, link, share }) {
    say(this.#words, error === null ? t(handle ? 'pane.seeking' : 'pane.entering', { handle }) : errorText(error, { handle }));
    this.#again.hidden = error === null || error === 'self' || error === 'link-invalid';
    this.#back.hidden = error === null;
    this.#invite.hidden = error !== 'unknown-handle' && error !== 'self';
    this.#invite.update({ link, share });
  }
}

customElements.define('sotto-seek', SottoSeek);
