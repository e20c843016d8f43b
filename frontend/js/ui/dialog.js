// @ts-check
// The frame of a dialog: its title, its way out, and its content.

import { t } from '../core/strings.js';
import { signButton } from './button.js';
import { el, emit, say, uniqueId } from './dom.js';

/**
 * @param {Element} host the element the dialog belongs to: closing is said there
 * @param {import('../core/model.js').Dialog['kind']} kind
 * @param {...Node} content
 */
export function createDialog(host, kind, ...content) {
  const title = el('h2', { id: uniqueId('title') });
  const close = signButton('close', t('pane.close'), { onclick: () => dialog.close() });
  const body = el('div', { class: 'body', tabindex: -1 }, ...content);
  const dialog = el('dialog', {
    'aria-labelledby': title.id,
    // The browser tells it a moment later: by then the person may have asked for another dialog, which stays.
    onclose: () => emit(host, { verb: 'close', kind }),
    // A press on the backdrop lands on the dialog itself, outside its content.
    onpointerdown: (/** @type {Event} */ event) => event.target === dialog && dialog.close(),
  }, el('div', { class: 'frame' }, el('header', title, close), body));
  host.append(dialog);
  // What was asked for last: a dialog that the person has just closed is still asked
  // for until that is known, and must not open again.
  let shown = false;
  return {
    /**
     * @param {boolean} open
     * @param {string} words its title
     * @returns {boolean} whether it was opened now
     */
    show(open, words) {
      const opened = open && !shown;
      say(title, words);
      if (opened) {
        dialog.showModal();
        body.scrollTop = 0;
        for (const asked of dialog.querySelectorAll('details')) asked.open = false;
      }
      if (!open && dialog.open) dialog.close();
      shown = open;
      return opened;
    },
  };
}
