// @ts-check
// Asks before a message is deleted for everyone.

import { dialogOf } from '../core/state.js';
import { t } from '../core/strings.js';
import { oneLine } from '../core/text.js';
import { button } from './button.js';
import { createDialog } from './dialog.js';
import { el, emit, say } from './dom.js';
import { icon } from './icons.js';

export class SottoDelete extends HTMLElement {
  /** @type {ReturnType<typeof dialogOf<'delete'>>} */
  #about = null;
  #words = el('blockquote', { dir: 'auto' });
  #dialog = createDialog(this, 'delete', this.#words, el('p', t('delete.text')),
    button('button danger', () => this.#do(), icon('trash'), t('message.delete')));

  /** @param {{ state: import('../core/model.js').State }} noun */
  update({ state }) {
    this.#about = dialogOf(state, 'delete');
    if (this.#about) say(this.#words, oneLine(this.#about.entry.text ?? ''));
    this.#dialog.show(this.#about !== null, t('delete.title'));
  }

  #do() {
    if (this.#about) emit(this, { verb: 'delete', conversation: this.#about.conversation, entry: this.#about.entry });
  }
}

customElements.define('sotto-delete', SottoDelete);
