// @ts-check
// Asks before a message is deleted for everyone.

import { t } from '../core/strings.js';
import { oneLine } from '../core/text.js';
import { createDialog } from './dialog.js';
import { el, emit, say } from './dom.js';
import { icon } from './icons.js';

export class SottoDelete extends HTMLElement {
  /** @type {import('./sotto-react.js').AskDialog | null} */
  #about = null;
  #words = el('blockquote', { dir: 'auto' });
  #dialog = createDialog(this, 'delete', this.#words, el('p', {}, t('delete.text')),
    el('button', { type: 'button', class: 'button danger', onclick: () => this.#do() }, icon('trash'), t('message.delete')));

  /** @param {{ dialog: import('../core/model.js').Dialog | null }} noun */
  update({ dialog }) {
    this.#about = dialog?.kind === 'delete' ? dialog : null;
    if (this.#about) say(this.#words, oneLine(this.#about.entry.text ?? ''));
    this.#dialog.show(this.#about !== null, t('delete.title'));
  }

  #do() {
    if (this.#about) emit(this, { verb: 'delete', conversation: this.#about.conversation, entry: this.#about.entry });
  }
}

customElements.define('sotto-delete', SottoDelete);
