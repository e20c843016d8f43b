// @ts-check
// One message twice: as it is here, and as it lies on the server.

import { hexGroups, toHex } from '../core/hex.js';
import { dialogOf } from '../core/state.js';
import { errorText, firstOf, t } from '../core/strings.js';
import { arrange, el, say } from './dom.js';
import { createDialog } from './dialog.js';
import { SottoCopy } from './sotto-copy.js';

/** @typedef {import('../core/contract.js').Inspection} Inspection */

/** Bytes shown; all of them can be copied. */
const SHOWN = 1024;

export class SottoInspect extends HTMLElement {
  #plain = el('p', { class: 'plain', dir: 'auto' });
  #hex = el('code', { class: 'hex', dir: 'ltr' });
  #more = el('p', { class: 'soft' });
  #size = el('span', { class: 'soft' });
  #copy = new SottoCopy();
  #fields = el('dl');
  #status = el('p', { class: 'status', role: 'status' });
  /** @type {Inspection | null} */
  #shown = null;
  #sealed = el('section', { class: 'sealed' }, el('h3', t('inspect.sealed'), ' ', this.#size), el('div', { class: 'box', tabindex: 0, role: 'region', 'aria-label': t('inspect.sealed') }, this.#hex, this.#more), this.#copy);
  #known = el('section', { class: 'fields' }, el('h3', t('inspect.fields')), this.#fields);
  #dialog = createDialog(this, 'inspect',
    el('p', { class: 'soft' }, t('inspect.text')),
    el('div', { class: 'twice' }, el('section', el('h3', t('inspect.plain')), el('div', { class: 'box', tabindex: 0, role: 'region', 'aria-label': t('inspect.plain') }, this.#plain)), this.#sealed),
    this.#status, this.#known);

  /** @param {{ state: import('../core/model.js').State }} noun */
  update({ state }) {
    const about = dialogOf(state, 'inspect');
    if (about) {
      const { entry, inspection, error } = about;
      say(this.#plain, entry.text ?? '');
      say(this.#status, error ? errorText(error) : inspection ? '' : t('contact.loading'));
      this.#sealed.hidden = inspection === null;
      this.#known.hidden = inspection === null;
      if (inspection && inspection !== this.#shown) this.#show(inspection);
    }
    this.#dialog.show(about !== null, t('message.inspect'));
  }

  /** @param {Inspection} inspection */
  #show(inspection) {
    this.#shown = inspection;
    const { sealed, fields } = inspection;
    const rest = sealed.length - SHOWN;
    say(this.#size, t('inspect.bytes', { n: sealed.length }));
    say(this.#hex, hexGroups(sealed.subarray(0, SHOWN)));
    say(this.#more, rest > 0 ? t('inspect.more', { n: rest }) : '');
    this.#copy.update({ text: toHex(sealed), words: t('inspect.copy') });
    arrange(this.#fields, fields.flatMap(({ name, value, about }) => [
      el('dt', firstOf([`field.${name}`], 'field.other', { name })),
      el('dd', el('code', { dir: 'ltr' }, value), el('span', { class: 'soft' }, firstOf([`about.${about}`, about], 'about.other'))),
    ]));
  }
}

customElements.define('sotto-inspect', SottoInspect);
