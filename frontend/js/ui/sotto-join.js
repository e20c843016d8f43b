// @ts-check
// The first screen: choose a name and be in.

import { isHandle, toHandle } from '../core/handle.js';
import { errorText, t } from '../core/strings.js';
import { attr, el, emit, say, uniqueId } from './dom.js';
import { createFault, nameField } from './field.js';
import { icon, mark } from './icons.js';

/** @typedef {import('../core/model.js').State} State */

export class SottoJoin extends HTMLElement {
  #invited = el('p', { class: 'invited' });
  #input = nameField({
    id: uniqueId('name'), class: 'input large', placeholder: t('join.placeholder'), autocomplete: 'username', maxlength: 64, oninput: () => this.#typed(),
  });
  #hint = el('p', { id: uniqueId('name-hint'), class: 'hint' });
  #fault = createFault(this.#input, this.#hint);
  #button = el('button', { class: 'button large' });
  #keys = el('span');
  #keysLine = el('p', { class: 'keys', role: 'status' }, icon('lock'), this.#keys);
  /** The name that was refused: its error is shown until something else is typed. */
  #refused = '';
  /** @type {State['join']} */
  #join = { busy: false, error: null, keys: 'none' };

  constructor() {
    super();
    const submit = (/** @type {Event} */ event) => this.#submit(event);
    this.append(
      el('div', { class: 'brand' }, mark(), el('h2', t('app.name')), el('p', t('app.tagline'))),
      el('form', { onsubmit: submit, novalidate: true },
        this.#invited,
        el('label', { for: this.#input.id }, t('join.label')),
        this.#input, this.#hint, this.#fault.node, this.#button, this.#keysLine),
    );
  }

  connectedCallback() {
    this.#input.focus();
  }

  /** @param {{ join: State['join'], invitedBy: string | null, link: boolean }} noun link: to a group, which is used then */
  update({ join, invitedBy, link }) {
    if (join.busy && !this.#join.busy) this.#refused = toHandle(this.#input.value);
    const failed = join.error !== null && !join.busy && this.#join.busy;
    this.#join = join;
    this.#invited.hidden = invitedBy === null && !link;
    say(this.#invited, link ? t('join.link') : invitedBy === null ? '' : t('join.invited', { handle: invitedBy }));
    say(this.#button, t(join.busy ? 'join.busy' : 'join.button'));
    attr(this.#button, 'aria-disabled', join.busy ? 'true' : null);
    attr(this.#keysLine, 'data-state', join.keys);
    say(this.#keys, join.keys === 'none' ? '' : t(join.keys === 'ready' ? 'join.ready' : 'join.making'));
    this.#typed();
    if (failed) this.#input.focus();
  }

  #typed() {
    const handle = toHandle(this.#input.value);
    const shown = handle !== '' && handle !== this.#input.value && isHandle(handle);
    say(this.#hint, shown ? t('join.handle', { handle }) : t('join.hint'));
    const { error, busy } = this.#join;
    const stands = error !== null && !busy && (handle === this.#refused || error === 'offline' || error === 'limited');
    this.#fault.tell(stands ? (error === 'offline' ? t('join.offline') : errorText(error)) : '');
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (this.#join.busy) return;
    const handle = toHandle(this.#input.value);
    if (isHandle(handle)) emit(this, { verb: 'join', handle });
    else {
      this.#input.focus();
      this.#fault.tell(errorText('handle-invalid'));
    }
  }
}

customElements.define('sotto-join', SottoJoin);
