// @ts-check
// The dialog with the own invite link.

import { t } from '../core/strings.js';
import { el } from './dom.js';
import { createDialog } from './dialog.js';
import { SottoInvite } from './sotto-invite.js';

export class SottoShare extends HTMLElement {
  #invite = new SottoInvite();
  #dialog = createDialog(this, 'invite', el('p', { class: 'soft' }, t('invite.text')), this.#invite);

  /** @param {{ state: import('../core/model.js').State, share: boolean }} noun */
  update({ state, share }) {
    const open = state.dialog?.kind === 'invite' && state.me !== null;
    if (open && state.me) this.#invite.update({ link: state.me.link, share });
    this.#dialog.show(open, t('invite.title'));
  }
}

customElements.define('sotto-share', SottoShare);
