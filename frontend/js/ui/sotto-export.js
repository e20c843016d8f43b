// @ts-check
// Takes everything that this device keeps of the account into one file: says
// what that holds and what it cannot hold, and writes it.

import { dialogOf } from '../core/state.js';
import { errorText, known, t } from '../core/strings.js';
import { button } from './button.js';
import { createDialog } from './dialog.js';
import { el, emit, say } from './dom.js';
import { icon } from './icons.js';

/** @param {{ name: string, count: number }[]} all */
const lines = (all) => all.filter(({ name, count }) => count !== 0 && known(`export.${name}`)).map(({ name, count: n }) => el('li', t(/** @type {import('../core/strings.js').Key} */ (`export.${name}`), { n })));

export class SottoExport extends HTMLElement {
  #holds = el('ul');
  #misses = el('ul');
  #save = button('button', () => emit(this, { verb: 'save' }), icon('down'), t('export.save'));
  #status = el('p', { class: 'status', role: 'status' });
  #known = el('section', el('h3', t('export.holds')), this.#holds, el('h3', t('export.misses')), this.#misses, el('p', { class: 'soft' }, t('export.text')), this.#save);
  #dialog = createDialog(this, 'export', this.#known, this.#status);
  /** @type {import('../core/contract.js').Exporting | null} */
  #shown = null;

  /** @param {{ state: import('../core/model.js').State }} noun */
  update({ state }) {
    const about = dialogOf(state, 'export');
    if (about) {
      const { exporting, saved, done, error } = about;
      this.#known.hidden = exporting === null;
      if (exporting && exporting !== this.#shown) {
        this.#holds.replaceChildren(...lines(exporting.holds));
        this.#misses.replaceChildren(...lines(exporting.misses));
      }
      this.#shown = exporting;
      const busy = saved !== null && !done && !error;
      this.#save.disabled = busy;
      const size = { n: Math.ceil((saved ?? 0) / 1024) };
      say(this.#status, error ? errorText(error) : done ? t('export.done', size) : busy ? t('export.busy', size) : exporting ? '' : t('contact.loading'));
    }
    this.#dialog.show(about !== null, t('export.title'));
  }
}

customElements.define('sotto-export', SottoExport);
