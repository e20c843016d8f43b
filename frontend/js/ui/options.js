// @ts-check
// A list to choose from while the focus stays in a field (ARIA's combobox
// pattern): one option is active, the arrow keys move it, Enter or a press
// chooses.

import { attr, el, uniqueId } from './dom.js';

/**
 * @param {string} label of the list
 * @param {HTMLInputElement | HTMLTextAreaElement} field that keeps the focus
 * @param {(index: number) => void} choose
 */
export function createOptions(label, field, choose) {
  const list = el('div', { id: uniqueId('options'), class: 'options', role: 'listbox', 'aria-label': label });
  const combobox = field instanceof HTMLInputElement; // a text of many lines cannot be one
  let active = 0;
  attr(field, 'role', combobox && 'combobox');
  attr(field, 'aria-autocomplete', 'list');
  attr(field, 'aria-controls', list.id);

  const options = () => /** @type {HTMLElement[]} */ ([...list.children]);

  /** @param {number} index */
  function activate(index) {
    const all = options();
    active = all.length === 0 ? 0 : (index + all.length) % all.length;
    all.forEach((option, i) => attr(option, 'aria-selected', i === active ? 'true' : 'false'));
    attr(field, 'aria-activedescendant', all[active]?.id);
    all[active]?.scrollIntoView({ block: 'nearest' });
  }

  function chooseActive() {
    if (options()[active]) choose(active);
  }

  // Before the press, so that the field keeps the focus.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const option = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    const index = option instanceof HTMLElement ? options().indexOf(option) : -1;
    if (index < 0) return;
    activate(index);
    chooseActive();
  });

  return {
    list,
    /** @param {HTMLElement[]} lines become the options */
    show(lines) {
      lines.forEach((line, i) => {
        line.id = `${list.id}-${i}`;
        line.setAttribute('role', 'option');
        line.tabIndex = -1;
      });
      list.replaceChildren(...lines);
      list.hidden = lines.length === 0;
      attr(field, 'aria-expanded', combobox && String(!list.hidden));
      activate(0);
    },
    chooseActive,
    /**
     * @param {KeyboardEvent} event
     * @returns {boolean} whether it was for the list
     */
    key(event) {
      const { key, isComposing } = event;
      if (isComposing || list.children.length === 0 || !['ArrowUp', 'ArrowDown', 'Enter'].includes(key)) return false;
      event.preventDefault();
      if (key === 'Enter') chooseActive();
      else activate(active + (key === 'ArrowUp' ? -1 : 1));
      return true;
    },
  };
}
