// @ts-check
// The keyboard shortcuts: what they are, and what is pressed.

import { known, t } from '../core/strings.js';
import { createDialog } from './dialog.js';
import { el, emit } from './dom.js';

/** @typedef {import('../core/model.js').Verb} Verb */
/** @typedef {{ code: string, keys: string[], verb?: Verb }} Shortcut keys as KeyboardEvent.key, one after another where several are held */

/** @type {Shortcut[]} */
const shortcuts = [
  { code: 'switch', keys: ['Control', 'K'], verb: { verb: 'switch' } },
  { code: 'next', keys: ['Alt', 'ArrowDown'], verb: { verb: 'step', by: 1 } },
  { code: 'previous', keys: ['Alt', 'ArrowUp'], verb: { verb: 'step', by: -1 } },
  { code: 'send', keys: ['Enter'] },
  { code: 'line', keys: ['Shift', 'Enter'] },
  { code: 'emoji', keys: [':'] },
  { code: 'mention', keys: ['@'] },
  { code: 'edit', keys: ['ArrowUp'] },
  { code: 'messages', keys: ['ArrowUp', 'ArrowDown'] },
  { code: 'actions', keys: ['Enter'] },
  { code: 'close', keys: ['Escape'] },
  { code: 'help', keys: ['Control', '/'], verb: { verb: 'keys' } },
];

const ARROWS = { ArrowUp: '↑', ArrowDown: '↓' };

/**
 * What a pressed key asks for; null where it is not one of the shortcuts.
 * @param {KeyboardEvent} event
 * @returns {Verb | null}
 */
export function verbOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const held = [ctrlKey || metaKey ? 'Control' : '', altKey ? 'Alt' : ''].filter(Boolean);
  // Some layouts have the slash above another key.
  const pressed = [...held, ...(shiftKey && key !== '/' ? ['Shift'] : []), key.length === 1 ? key.toUpperCase() : key].join(' ');
  return shortcuts.find(({ keys, verb }) => verb && keys.join(' ') === pressed)?.verb ?? null;
}

/** @param {string} key */
function keyName(key) {
  const name = `key.${key}`;
  return known(name) ? t(name) : (ARROWS[/** @type {keyof typeof ARROWS} */ (key)] ?? key);
}

export class SottoKeys extends HTMLElement {
  #dialog = createDialog(this, 'keys', el('dl', { class: 'shortcuts' }, ...shortcuts.flatMap(({ code, keys }) => [
    el('dt', t(/** @type {import('../core/strings.js').Key} */ (`keys.${code}`))),
    el('dd', ...keys.map((key) => el('kbd', keyName(key)))),
  ])));

  /** @param {{ state: import('../core/model.js').State }} noun */
  update({ state }) {
    this.#dialog.show(state.dialog?.kind === 'keys', t('keys.title'));
  }

  /**
   * Takes the keys of the whole page.
   * @param {() => boolean} listening whether there is anything they could do
   */
  listen(listening) {
    document.addEventListener('keydown', (event) => {
      const verb = event.isComposing || !listening() ? null : verbOf(event);
      if (!verb) return;
      event.preventDefault();
      emit(this, verb);
    });
  }
}

customElements.define('sotto-keys', SottoKeys);
