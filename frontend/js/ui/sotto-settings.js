// @ts-check
// Settings: who one is, how it looks and speaks, how it calls, what is running.

import { LANGUAGES } from '../core/language.js';
import { CHOICES } from '../core/preferring.js';
import { known, t } from '../core/strings.js';
import { button } from './button.js';
import { createDialog } from './dialog.js';
import { el, emit, say, uniqueId } from './dom.js';
import { createSwitch, labelled } from './field.js';
import { icon } from './icons.js';
import { SottoCopy } from './sotto-copy.js';

/** @typedef {import('../core/model.js').State} State */
/** @typedef {keyof State['preferences']} Name */

/** The words of a choice; languages go by their own name. @param {Name} name @param {string} value */
function wordsOf(name, value) {
  const key = `settings.${name}.${value}`;
  return known(key) ? t(key) : LANGUAGES[/** @type {keyof typeof LANGUAGES} */ (value)].name;
}

/** What others learn. */
const SHARED = /** @type {const} */ (['receipts', 'typing', 'presence']);

export class SottoSettings extends HTMLElement {
  #name = el('dd');
  #account = el('code', { dir: 'ltr' });
  #copy = new SottoCopy();
  #looks = CHOICES.appearance.map((value) => el('input', {
    type: 'radio', name: 'appearance', value, onchange: () => this.#prefer({ appearance: value }),
  }));
  #language = this.#select('language');
  #notify = this.#select('notify');
  #sound = createSwitch(t('settings.sound'), (on) => this.#prefer({ sound: on ? 'on' : 'off' }));
  #shared = SHARED.map((name) => {
    const about = el('p', { class: 'soft', id: uniqueId('about') }, t(`settings.${name}.about`));
    return { name, about, ...createSwitch(t(`settings.${name}`), (on) => emit(this, { verb: 'choose', change: { [name]: on } }), about) };
  });
  #dialog;

  /** @param {{ build: string }} services */
  constructor({ build }) {
    super();
    const looks = this.#looks.map((radio) => el('label', radio, el('span', wordsOf('appearance', radio.value))));
    const about = el('p', { class: 'soft', id: uniqueId('about') }, t('settings.notify.about'));
    this.#notify.setAttribute('aria-describedby', about.id);
    this.#dialog = createDialog(this, 'settings',
      el('dl',
        el('dt', t('join.label')), this.#name,
        el('dt', t('contact.account')), el('dd', { class: 'account' }, this.#account, this.#copy)),
      el('fieldset', { class: 'looks' }, el('legend', t('settings.appearance')), el('div', { class: 'segments' }, ...looks)),
      labelled(t('settings.language'), this.#language),
      labelled(t('settings.notify'), this.#notify, about),
      this.#sound.node,
      el('fieldset', { class: 'shared' }, el('legend', t('settings.privacy')), ...this.#shared.flatMap((one) => [one.node, one.about])),
      el('div', { class: 'buttons' },
        button('button quiet', () => emit(this, { verb: 'export' }), icon('down'), t('export.title')),
        button('button quiet grave', () => emit(this, { verb: 'ask-erase' }), icon('trash'), t('erase.title'))),
      button('button quiet', () => emit(this, { verb: 'keys' }), icon('keys'), t('keys.title')),
      el('p', { class: 'soft' }, t('settings.about'), ' ', el('a', { href: '/demo', target: '_blank', rel: 'noopener' }, t('settings.demo'))),
      el('dl', el('dt', t('settings.build')), el('dd', el('code', build))));
  }

  /** @param {'language' | 'notify'} name */
  #select(name) {
    const options = CHOICES[name].map((value) => el('option', { value }, wordsOf(name, value)));
    const select = el('select', { class: 'input', id: uniqueId(name), onchange: () => this.#prefer({ [name]: select.value }) }, ...options);
    return select;
  }

  /** @param {Partial<State['preferences']>} change */
  #prefer(change) {
    emit(this, { verb: 'prefer', change });
  }

  /** @param {{ state: State }} noun */
  update({ state }) {
    const { me, preferences, settings, dialog } = state;
    say(this.#name, me?.handle ?? '');
    say(this.#account, me?.account ?? '');
    this.#copy.update({ text: me?.account ?? '' });
    for (const radio of this.#looks) radio.checked = radio.value === preferences.appearance;
    this.#language.value = preferences.language;
    this.#notify.value = preferences.notify;
    this.#sound.input.checked = preferences.sound === 'on';
    for (const { name, input } of this.#shared) {
      input.disabled = settings === null;
      input.checked = settings?.[name] ?? false;
    }
    this.#dialog.show(dialog?.kind === 'settings', t('settings.title'));
  }
}

customElements.define('sotto-settings', SottoSettings);
