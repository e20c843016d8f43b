// @ts-check
// The field that asks whom the person wants to talk to. It takes a name or a
// whole invite link, also one to a group.

import { isHandle } from '../core/handle.js';
import { handleFrom, roomLink } from '../core/route.js';
import { errorText, t } from '../core/strings.js';
import { isBlank } from '../core/text.js';
import { signButton } from './button.js';
import { el, emit, uniqueId } from './dom.js';
import { createFault, nameField } from './field.js';

export class SottoWho extends HTMLElement {
  #input = nameField({ id: uniqueId('who'), placeholder: t('who.placeholder'), maxlength: 200, oninput: () => this.#fault.tell('') });
  #fault = createFault(this.#input);

  constructor() {
    super();
    const label = el('label', { for: this.#input.id }, t('who.label'));
    const button = signButton('send', t('who.button'), { class: 'button icon-only', type: 'submit' });
    const submit = (/** @type {Event} */ event) => this.#submit(event);
    this.append(el('form', { onsubmit: submit }, label, el('div', { class: 'field' }, this.#input, button), this.#fault.node));
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const typed = this.#input.value;
    if (isBlank(typed)) return this.#input.focus();
    if (!roomLink(typed) && !isHandle(handleFrom(typed))) return this.#fault.tell(errorText('handle-invalid'));
    this.#input.value = '';
    emit(this, { verb: 'seek', typed });
  }
}

customElements.define('sotto-who', SottoWho);
