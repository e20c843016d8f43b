// @ts-check
// A link that invites, the own one or a group's, with its QR code.

import { t } from '../core/strings.js';
import { button } from './button.js';
import { el, emit, uniqueId } from './dom.js';
import { icon } from './icons.js';
import { SottoCopy } from './sotto-copy.js';
import { SottoQr } from './sotto-qr.js';

export class SottoInvite extends HTMLElement {
  #qr = new SottoQr();
  #copy = new SottoCopy();
  #link = el('input', {
    id: uniqueId('link'), class: 'input', type: 'text', readonly: true, dir: 'ltr',
    onfocus: () => this.#link.select(),
  });
  #share = button('button quiet', () => this.#send(), icon('share'), t('invite.share'));

  #code;

  /** @param {string} [label] of the link @param {string} [code] the words of its QR code */
  constructor(label = t('invite.label'), code = t('invite.qr')) {
    super();
    this.#code = code;
    const buttons = el('div', { class: 'buttons' }, this.#copy, this.#share);
    this.append(this.#qr, el('div', { class: 'link' }, el('label', { for: this.#link.id }, label), this.#link, buttons));
  }

  /** @param {{ link: string, share: boolean }} noun whether the device can share */
  update({ link, share }) {
    if (this.#link.value !== link) this.#link.value = link;
    this.#share.hidden = !share;
    this.#copy.update({ text: link });
    this.#qr.update({ text: link, label: this.#code });
  }

  #send() {
    emit(this, { verb: 'share', link: this.#link.value });
  }
}

customElements.define('sotto-invite', SottoInvite);
