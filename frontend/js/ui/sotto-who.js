// @ts-check
// The field that asks whom the person wants to talk to. It takes a name or a
// whole invite link, also one to a group.

import { isHandle } from '../core/handle.js';
import { handleFrom, roomLink } from '../core/route.js';
import { errorText, t } from '../core/strings.js';
import { isBlank } from '../core/text.js';
import { attr, el, emit, say, uniqueId } from './dom.js';
import { icon } from './icons.js';

export class SottoWho extends HTMLElement {
  #input = el('input', {
    id: uniqueId('who'), class: 'input', type: 'text', placeholder: t('who.placeholder'), autocomplete: 'off',
    autocapitalize: 'none', spellcheck: 'false', maxlength: 200, oninput: () => this.#fail(''),
  });
  #error = el('p', { id: uniqueId('who-error'), class: 'error', role: 'alert' });

  constructor() {
    super();
    const label = el('label', { for: this.#input.id }, t('who.label'));
    const button = el('button', { class: 'button icon-only', 'aria-label': t('who.button'), title: t('who.button') }, icon('send'));
    const submit = (/** @type {Event} */ event) => this.#submit(event);
    this.append(el('form', { onsubmit: submit }, label, el('div', { class: 'field' }, this.#input, button), this.#error));
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const typed = this.#input.value;
    if (isBlank(typed)) return this.#input.focus();
    if (!roomLink(typed) && !isHandle(handleFrom(typed))) return this.#fail(errorText('handle-invalid'));
    this.#input.value = '';
    emit(this, { verb: 'seek', typed });
  }

  /** @param {string} words */
  #fail(words) {
    say(this.#error, words);
    attr(this.#input, 'aria-invalid', words === '' ? null : 'true');
    attr(this.#input, 'aria-describedby', words === '' ? null : this.#error.id);
  }
}

customElements.define('sotto-who', SottoWho);
