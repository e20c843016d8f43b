// @ts-check
// The whole page, when nothing can go on: why, and what to do.

import { stopText, t } from '../core/strings.js';
import { button } from './button.js';
import { attr, el, emit, say } from './dom.js';
import { icon, mark } from './icons.js';

/** Reloading cannot help with these. */
const lasting = new Set(['insecure', 'no-webassembly', 'no-locks']);

export class SottoStop extends HTMLElement {
  #sign = el('div', { class: 'sign' });
  #title = el('h1', { tabindex: -1 });
  #what = el('p');
  #todo = el('p');
  #reload = button('button large', () => emit(this, { verb: 'reload' }), icon('retry'), t('stop.reload'));
  #shown = '';

  constructor() {
    super();
    this.append(el('main', el('div', { class: 'card' }, this.#sign, this.#title,
      el('section', el('h2', t('stop.what')), this.#what),
      el('section', el('h2', t('stop.todo')), this.#todo), this.#reload)));
  }

  /** @param {{ stop: NonNullable<import('../core/model.js').State['stop']> }} noun */
  update({ stop: { family, code, params } }) {
    const words = stopText(family, code, params);
    attr(this, 'data-code', code);
    attr(this, 'data-family', family);
    say(this.#title, words.title);
    say(this.#what, words.what);
    say(this.#todo, words.todo);
    this.#reload.hidden = family === 'alarm' || lasting.has(code);
    if (code === this.#shown) return;
    this.#shown = code;
    this.#sign.replaceChildren(family === 'alarm' ? icon('warning') : mark());
    queueMicrotask(() => this.#title.focus()); // once it stands in the page
  }
}

customElements.define('sotto-stop', SottoStop);
