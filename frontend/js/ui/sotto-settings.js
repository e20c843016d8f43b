// @ts-check
// Settings: who one is, how it looks, what is running.

import { t } from '../core/strings.js';
import { el, emit, say, uniqueId } from './dom.js';
import { createDialog } from './dialog.js';
import { SottoCopy } from './sotto-copy.js';

/** @typedef {import('../core/model.js').State} State */

const LOOKS = /** @type {const} */ (['system', 'light', 'dark']);

export class SottoSettings extends HTMLElement {
  #name = el('dd');
  #account = el('code');
  #copy = new SottoCopy();
  #radios = LOOKS.map((value) => el('input', {
    type: 'radio', name: 'appearance', value, id: uniqueId('look'), onchange: () => emit(this, { verb: 'appearance', appearance: value }),
  }));
  #dialog;

  /** @param {{ build: string }} services */
  constructor({ build }) {
    super();
    const looks = this.#radios.map((radio, i) =>
      el('label', { for: radio.id }, radio, el('span', {}, t(`settings.appearance.${/** @type {typeof LOOKS[number]} */ (LOOKS[i])}`))));
    this.#dialog = createDialog(this, 'settings',
      el('dl', {},
        el('dt', {}, t('settings.name')), this.#name,
        el('dt', {}, t('settings.account')), el('dd', { class: 'account' }, this.#account, this.#copy)),
      el('fieldset', { class: 'looks' }, el('legend', {}, t('settings.appearance')), el('div', { class: 'segments' }, ...looks)),
      el('p', { class: 'soft' }, t('settings.about')),
      el('dl', {}, el('dt', {}, t('settings.build')), el('dd', {}, el('code', { 'data-testid': 'build' }, build))));
  }

  /** @param {{ state: State }} noun */
  update({ state }) {
    say(this.#name, state.me?.handle ?? '');
    say(this.#account, state.me?.account ?? '');
    this.#copy.update({ text: state.me?.account ?? '' });
    for (const radio of this.#radios) radio.checked = radio.value === state.appearance;
    this.#dialog.show(state.dialog?.kind === 'settings', t('settings.title'));
  }
}

customElements.define('sotto-settings', SottoSettings);
