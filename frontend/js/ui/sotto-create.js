// @ts-check
// The dialog that makes a group: its name, and who is in it.

import { peopleOf } from '../core/state.js';
import { errorText, t } from '../core/strings.js';
import { isBlank } from '../core/text.js';
import { createDialog } from './dialog.js';
import { attr, el, emit, say, uniqueId } from './dom.js';
import { SottoPeople } from './sotto-people.js';

export class SottoCreate extends HTMLElement {
  #people = new SottoPeople();
  #error = el('p', { id: uniqueId('group-error'), class: 'error', role: 'alert' });
  #name = el('input', {
    id: uniqueId('group-name'), class: 'input', type: 'text', dir: 'auto', placeholder: t('create.placeholder'), autocomplete: 'off', maxlength: 80,
    oninput: () => this.#fail(''),
  });
  #button = el('button', { class: 'button' }, t('create.button'));
  #dialog = createDialog(this, 'new-group', el('form', { onsubmit: (/** @type {Event} */ e) => this.#submit(e) },
    el('div', { class: 'choice' }, el('label', { for: this.#name.id }, t('create.name')), this.#name, this.#error),
    this.#people, el('p', { class: 'soft' }, t('create.text')), this.#button));
  #open = false;
  #busy = false;

  /** @param {{ state: import('../core/model.js').State }} noun */
  update({ state }) {
    const open = state.dialog?.kind === 'new-group';
    const opened = open && !this.#open;
    this.#open = open;
    if (opened) {
      this.#name.value = '';
      this.#fail('');
      this.#people.clear();
    }
    if (open) this.#people.update({ known: peopleOf(state), taken: [state.me?.handle ?? ''] });
    this.#dialog.show(open, t('create.title'));
    if (opened) this.#name.focus();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const name = this.#name.value.trim();
    if (isBlank(name)) {
      this.#name.focus();
      return this.#fail(errorText('name-invalid'));
    }
    const handles = this.#people.take();
    if (handles === null || this.#busy) return;
    this.#wait(true);
    emit(this, { verb: 'create', name, handles, done: (refused) => this.#done(refused) });
  }

  /** @type {import('../core/model.js').Done} */
  #done(refused) {
    this.#wait(false);
    if (refused?.code === 'name-invalid') this.#fail(errorText(refused.code));
    else if (refused) this.#people.refuse(refused);
  }

  /** @param {boolean} busy */
  #wait(busy) {
    this.#busy = busy;
    attr(this.#button, 'aria-disabled', busy ? 'true' : null);
  }

  /** @param {string} words */
  #fail(words) {
    say(this.#error, words);
    attr(this.#name, 'aria-invalid', words === '' ? null : 'true');
    attr(this.#name, 'aria-describedby', words === '' ? null : this.#error.id);
  }
}

customElements.define('sotto-create', SottoCreate);
