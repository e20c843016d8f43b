// @ts-check
// A list to choose from while the focus stays in a field (ARIA's combobox
// pattern): one option is active, the arrow keys move it, Enter or a press
// chooses.

import { attr, el, uniqueId } from './dom.js';

/**
 * @param {string} label of the list
 * @param {HTMLInputElement | HTMLTextAreaElement} field that keeps the focus
 * @param {(index: number, event: MouseEvent | KeyboardEvent) => void} choose
 * @param {boolean} [grid] the options stand in lines of several, and the arrow keys stop at the ends
 */
export function createOptions(label, field, choose, grid = false) {
  const list = el('div', { id: uniqueId('options'), class: grid ? 'grid' : 'options', role: 'listbox', 'aria-label': label });
  const combobox = field instanceof HTMLInputElement; // a text of many lines cannot be one
  let active = 0;
  attr(field, 'role', combobox && 'combobox');
  attr(field, 'aria-autocomplete', 'list');
  attr(field, 'aria-controls', list.id);

  const options = () => /** @type {HTMLElement[]} */ ([...list.children]);

  /** @param {number} index */
  function activate(index) {
    const all = options();
    const old = all[active];
    active = grid ? Math.max(0, Math.min(index, all.length - 1)) : (index + all.length) % all.length || 0;
    const option = all[active];
    if (old) attr(old, 'aria-selected', 'false');
    if (option) attr(option, 'aria-selected', 'true');
    attr(field, 'aria-activedescendant', option?.id);
    option?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {MouseEvent | KeyboardEvent} event */
  function chooseActive(event) {
    if (options()[active]) choose(active, event);
  }

  /** How many stand in a line, as the style sheet laid them out. */
  function columns() {
    const [first, ...rest] = options();
    const next = rest.findIndex((option) => option.offsetTop !== first?.offsetTop);
    return next < 0 ? rest.length + 1 : next + 1;
  }

  /** How far a key moves. @param {string} key */
  function step(key) {
    if (key === 'ArrowUp' || key === 'ArrowDown') return (grid ? columns() : 1) * (key === 'ArrowUp' ? -1 : 1);
    return grid ? { ArrowLeft: -1, ArrowRight: 1 }[key] : undefined;
  }

  // Before the press, so that the field keeps the focus.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const option = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    const index = option instanceof HTMLElement ? options().indexOf(option) : -1;
    if (index < 0) return;
    activate(index);
    chooseActive(event);
  });

  return {
    list,
    /** @param {HTMLElement[]} lines become the options */
    show(lines) {
      lines.forEach((line, i) => {
        line.id = `${list.id}-${i}`;
        line.tabIndex = -1;
        attr(line, 'role', 'option');
        attr(line, 'aria-selected', 'false');
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
      const by = step(event.key);
      if (event.isComposing || list.children.length === 0 || (by === undefined && event.key !== 'Enter')) return false;
      event.preventDefault();
      if (by === undefined) chooseActive(event);
      else activate(active + by);
      return true;
    },
  };
}
