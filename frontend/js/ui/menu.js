// @ts-check
// A menu that stands at what opened it. Arrow keys move through it; Escape, or
// a press elsewhere, closes it and gives the focus back.

import { el } from './dom.js';
import { icon } from './icons.js';

/** @typedef {{ sign: import('./icons.js').IconName, words: string, act: () => void }} Item */

/**
 * @param {HTMLElement} source it belongs to: what is asked for is said there
 * @param {string} label
 * @param {readonly (Item | false)[]} items
 */
export function openMenu(source, label, items) {
  const buttons = items.flatMap((item) => (item ? el('button', { type: 'button', role: 'menuitem', tabindex: -1, onclick: () => act(item) }, icon(item.sign), item.words) : []));
  /** @param {Item} item */
  const act = (item) => {
    source.focus(); // and with it the menu is left
    item.act();
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') source.focus();
    if (step === undefined) return;
    event.preventDefault();
    buttons.at((buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)) + step) % buttons.length)?.focus();
  };
  const menu = el('div', { class: 'menu', role: 'menu', 'aria-label': label, popover: 'manual', onkeydown: key }, ...buttons);
  // A finger that held a message is lifted only now: that alone does not close it.
  menu.addEventListener('focusout', ({ relatedTarget }) => menu.contains(/** @type {Node | null} */ (relatedTarget)) || menu.remove());
  source.after(menu);
  menu.showPopover({ source });
  buttons[0]?.focus();
}
