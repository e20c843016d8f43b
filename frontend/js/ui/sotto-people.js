// @ts-check
// Chooses people: those one talks with are offered, any other name can be
// typed. The field keeps the focus; a name that was chosen becomes a chip.

import { namedIn } from '../core/errors.js';
import { isHandle, toHandle } from '../core/handle.js';
import { errorText, t } from '../core/strings.js';
import { isBlank } from '../core/text.js';
import { el, uniqueId } from './dom.js';
import { createFault, nameField } from './field.js';
import { icon } from './icons.js';
import { createOptions } from './options.js';
import { avatarOf } from './sotto-avatar.js';

/** @typedef {{ handle: string, account: string }} Person */

/** So many are offered at a time. */
const MOST = 5;

export class SottoPeople extends HTMLElement {
  /** @type {readonly Person[]} */
  #known = [];
  /** @type {readonly string[]} */
  #taken = [];
  /** @type {string[]} */
  #chosen = [];
  /** What each option stands for. @type {Person[]} */
  #offered = [];
  #chips = el('ul', { class: 'chips', 'aria-label': t('people.chosen') });
  #hint = el('p', { id: uniqueId('people-hint'), class: 'soft' }, t('people.hint'));
  #input = nameField({
    id: uniqueId('people-name'), class: null, placeholder: t('people.placeholder'),
    oninput: () => this.#typed(), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e),
  });
  #fault = createFault(this.#input, this.#hint);
  #options = createOptions(t('people.known'), this.#input, (i) => this.#choose(this.#offered[i]?.handle ?? ''));

  constructor() {
    super();
    const label = el('label', { for: this.#input.id }, t('people.label'));
    this.append(label, el('div', { class: 'input field' }, this.#chips, this.#input), this.#fault.node, this.#options.list, this.#hint);
    this.#draw([]);
  }

  /** @param {{ known: readonly Person[], taken: readonly string[] }} noun who is offered, and who is in already */
  update({ known, taken }) {
    /** @param {readonly Person[]} people */
    const names = (people) => people.map((p) => p.handle).join();
    const same = names(known) === names(this.#known) && String(taken) === String(this.#taken);
    this.#known = known;
    this.#taken = taken;
    if (!same) this.#offer();
  }

  clear() {
    this.#chosen = [];
    this.#input.value = '';
    this.#draw([]);
  }

  /**
   * Who was chosen; a name that is still being typed is.
   * @returns {string[] | null} null where something is wrong with it, which is said
   */
  take() {
    if (!isBlank(this.#input.value)) this.#choose(toHandle(this.#input.value));
    return this.#input.value === '' ? this.#chosen : null;
  }

  /** Says what is wrong, and with whom. @param {import('../core/contract.js').EngineError} refused */
  refuse(refused) {
    const bad = namedIn(refused, this.#chosen);
    this.#draw(bad);
    this.#fault.tell(errorText(refused.code, { handle: (bad.length > 0 ? bad : this.#chosen).join(', ') }));
  }

  /** @param {string} handle */
  #choose(handle) {
    if (!isHandle(handle)) return this.#fault.tell(errorText('handle-invalid'));
    if (this.#taken.includes(handle)) return this.#fault.tell(t('people.in', { handle }));
    this.#input.value = '';
    this.#chosen = [...new Set([...this.#chosen, handle])];
    this.#draw([]);
  }

  /** @param {string} handle */
  #drop(handle) {
    this.#chosen = this.#chosen.filter((h) => h !== handle);
    this.#draw([]);
    this.#input.focus();
  }

  #typed() {
    const [name = '', ...more] = this.#input.value.split(/[,;]/);
    if (more.length === 0) {
      this.#fault.tell('');
      return this.#offer();
    }
    this.#choose(toHandle(name));
    this.#input.value = more.join(',').trim();
    if (this.#input.value !== '') this.#typed();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.#options.key(event)) return;
    if (event.key === 'Backspace' && this.#input.value === '') this.#drop(this.#chosen.at(-1) ?? '');
  }

  /** @param {readonly string[]} bad chips that something is wrong with */
  #draw(bad) {
    this.#chips.replaceChildren(...this.#chosen.map((handle) => el('li', { class: 'chip', 'data-bad': bad.includes(handle) },
      el('span', { class: 'name' }, handle),
      el('button', { type: 'button', 'aria-label': t('people.drop', { handle }), onclick: () => this.#drop(handle) }, icon('close')))));
    this.#chips.hidden = this.#chosen.length === 0;
    this.#fault.tell('');
    this.#offer();
  }

  /** Offers the known whose names fit what is typed, and what is typed itself. */
  #offer() {
    const typed = toHandle(this.#input.value);
    const fits = this.#known.filter(({ handle: h }) => h.includes(typed) && !this.#chosen.includes(h) && !this.#taken.includes(h));
    fits.sort((a, b) => Number(b.handle.startsWith(typed)) - Number(a.handle.startsWith(typed)));
    const free = isHandle(typed) && !fits.some((p) => p.handle === typed) ? [{ handle: typed, account: '' }] : [];
    this.#offered = [...fits.slice(0, MOST), ...free];
    this.#options.show(this.#offered.map(line));
  }
}

/** @param {Person} person whose account is not known where the name was typed */
function line({ handle, account }) {
  if (account === '') return el('div', icon('invite'), el('span', { class: 'name' }, t('people.free', { handle })));
  return el('div', avatarOf({ handle, account }), el('span', { class: 'name' }, handle));
}

customElements.define('sotto-people', SottoPeople);
