// @ts-check
// Erases this device, once the own name was typed: nobody does it by accident.

import { toHandle } from '../core/handle.js';
import { dialogOf } from '../core/state.js';
import { errorText, t } from '../core/strings.js';
import { createDialog } from './dialog.js';
import { el, emit, say, uniqueId } from './dom.js';
import { nameField } from './field.js';
import { icon } from './icons.js';

export class SottoErase extends HTMLElement {
  #handle = '';
  #input = nameField({ id: uniqueId('erase'), oninput: () => this.#fit() });
  #label = el('label', { for: this.#input.id });
  #button = el('button', { class: 'button danger', disabled: true }, icon('trash'), t('erase.do'));
  #error = el('p', { class: 'error', role: 'alert' });
  #dialog = createDialog(this, 'erase', el('form', { onsubmit: (/** @type {Event} */ e) => this.#submit(e) },
    el('ul', el('li', t('erase.here')), el('li', t('erase.name')), el('li', t('erase.others'))),
    el('p', t('erase.last')), this.#label, this.#input, this.#error, this.#button));
  #busy = false;

  /** @param {{ state: import('../core/model.js').State }} noun */
  update({ state }) {
    const about = dialogOf(state, 'erase');
    this.#handle = state.me?.handle ?? '';
    this.#busy = about?.busy ?? false;
    if (this.#dialog.show(about !== null, t('erase.title'))) {
      this.#input.value = '';
      this.#input.focus();
    }
    say(this.#label, t('erase.label', { handle: this.#handle }));
    say(this.#error, about?.error ? errorText(about.error) : '');
    this.#fit();
  }

  #fit() {
    this.#button.disabled = this.#busy || this.#handle === '' || toHandle(this.#input.value) !== this.#handle;
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (!this.#button.disabled) emit(this, { verb: 'erase' });
  }
}

customElements.define('sotto-erase', SottoErase);
