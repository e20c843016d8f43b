// @ts-check
// Fields for names, and what is wrong with what was typed.

import { attr, el, say, uniqueId } from './dom.js';

/**
 * A field for a name or a part of one: nothing is filled in or corrected.
 * @param {Record<string, any>} props
 */
export function nameField(props) {
  return el('input', { type: 'text', class: 'input', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', ...props });
}

/**
 * Something to turn on and off.
 * @param {string} words
 * @param {(on: boolean) => void} turn
 * @param {HTMLElement} [about] describes it
 */
export function createSwitch(words, turn, about) {
  const input = el('input', { type: 'checkbox', role: 'switch', 'aria-describedby': about?.id, onchange: () => turn(input.checked) });
  return { input, node: el('label', { class: 'switch' }, input, el('span', words)) };
}

/**
 * A field under its label.
 * @param {string} words
 * @param {HTMLElement} field
 * @param {...import('./dom.js').Child} more below it
 */
export function labelled(words, field, ...more) {
  field.id ||= uniqueId('field');
  return el('div', { class: 'choice' }, el('label', { for: field.id }, words), field, ...more);
}

/**
 * A line that says what is wrong with a field.
 * @param {HTMLElement} field
 * @param {HTMLElement} [hint] describes the field while nothing is
 */
export function createFault(field, hint) {
  const node = el('p', { id: uniqueId('fault'), class: 'error', role: 'alert' });
  /** @param {string} words '': nothing is wrong */
  function tell(words) {
    say(node, words);
    attr(field, 'aria-invalid', words === '' ? null : 'true');
    attr(field, 'aria-describedby', words === '' ? hint?.id : node.id);
  }
  return { node, tell };
}
