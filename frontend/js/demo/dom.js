// @ts-check
// Builds the demo's nodes with the chat's tools, and says upwards what is asked.

import { attr, el, say, svg, uniqueId } from '../ui/dom.js';

/** @typedef {import('./state.js').Ask} Ask */

/** @param {Element} node @param {Ask} ask */
export function tell(node, ask) {
  node.dispatchEvent(new CustomEvent('ask', { bubbles: true, detail: ask }));
}

/**
 * A choice of one among few.
 * @template {string | number} T
 * @param {string} label
 * @param {readonly (readonly [T, string])[]} choices
 * @param {(value: T) => void} chosen
 * @returns {{ node: HTMLFieldSetElement, show: (value: T) => void }}
 */
export function segments(label, choices, chosen) {
  const name = uniqueId('choice');
  const radios = choices.map(([value, words]) => {
    const radio = el('input', { type: 'radio', name, value: String(value), onchange: () => chosen(value) });
    return { value, radio, node: el('label', radio, el('span', words)) };
  });
  const node = el('fieldset', { class: 'segments' }, el('legend', { class: 'sr' }, label), ...radios.map((r) => r.node));
  return {
    node,
    show(value) {
      for (const r of radios) r.radio.checked = r.value === value;
    },
  };
}

export { attr, el, say, svg, uniqueId };
