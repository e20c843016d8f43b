// @ts-check
// A question that opens in place: what would happen, and the button that lets
// it happen. Its words are ask.<what> of the catalogue.

import { t } from '../core/strings.js';
import { el, say } from './dom.js';

/** @typedef {'add' | 'rename' | 'link' | 'revoke' | 'renew' | 'leave' | 'promote' | 'demote' | 'remove'} What */

/** What cannot be taken back. @type {Set<What>} */
const grave = new Set(['revoke', 'leave', 'remove']);

/**
 * @param {What} what
 * @param {() => void} act
 * @param {...Node} fields
 */
export function createAsk(what, act, ...fields) {
  const text = el('p', { class: 'soft' });
  const button = el('button', { class: grave.has(what) ? 'button danger' : 'button' });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    act();
  };
  const form = el('form', { onsubmit: submit }, text, ...fields, button);
  const node = el('details', { class: 'ask', name: 'ask', ontoggle: () => node.open && form.scrollIntoView({ block: 'nearest' }) }, el('summary', { class: 'button quiet' }, t(`ask.${what}`)), form);
  return {
    node,
    close: () => void (node.open = false),
    /**
     * @param {boolean} may it is asked at all
     * @param {Record<string, string>} [params]
     * @param {string} [instead] why it cannot be done now
     */
    update(may, params = {}, instead = '') {
      node.hidden = !may;
      say(text, instead || t(`ask.${what}.text`, params));
      say(button, t(`ask.${what}.do`, params));
      button.hidden = instead !== '';
    },
  };
}
