// @ts-check
// The dialog that makes a group: its name, and who is in it.

import { peopleOf } from '../core/state.js';
import { errorText, t } from '../core/strings.js';
import { isBlank } from '../core/text.js';
import { createDialog } from './dialog.js';
import { attr, el, emit } from './dom.js';
import { createFault, labelled } from './field.js';
import { SottoPeople } from './sotto-people.js';

export class SottoCreate extends HTMLElement {
  #people = new SottoPeople();
  #name = el('input', {
    class: 'input', type: 'text', dir: 'auto', placeholder: t('create.placeholder'), autocomplete: 'off', maxlength: 80,
    oninput: () => this.#fault.tell(''),
  });
  #fault = createFault(this.#name);
  #button = el('button', { class: 'button' }, t('create.button'));
  #dialog = createDialog(this, 'new-group', el('form', { onsubmit: (/** @type {Event} */ e) => this.#submit(e) },
    labelled(t('create.name'), this.#name, this.#fault.node),
    this.#people, el('p', { class: 'soft' }, t('create.text')), this.#button));
  #busy = false;

  /** @param {{ state: import('../core/model.js').State }} noun */
  update({ state }) {
    const open = state.dialog?.kind === 'new-group';
    if (this.#dialog.show(open, t('create.title'))) {
      this.#name.value = '';
      this.#name.focus();
      this.#fault.tell('');
      this.#people.clear();
    }
    if (open) this.#people.update({ known: peopleOf(state), taken: [state.me?.handle ?? ''] });
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const name = this.#name.value.trim();
    if (isBlank(name)) {
      this.#name.focus();
      return this.#fault.tell(errorText('name-invalid'));
    }
    const handles = this.#people.take();
    if (handles === null || this.#busy) return;
    this.#wait(true);
    emit(this, { verb: 'create', name, handles, done: (refused) => this.#done(refused) });
  }

  /** @type {import('../core/model.js').Done} */
  #done(refused) {
    this.#wait(false);
    if (refused?.code === 'name-invalid') this.#fault.tell(errorText(refused.code));
    else if (refused) this.#people.refuse(refused);
  }

  /** @param {boolean} busy */
  #wait(busy) {
    this.#busy = busy;
    attr(this.#button, 'aria-disabled', busy ? 'true' : null);
  }
}

customElements.define('sotto-create', SottoCreate);
