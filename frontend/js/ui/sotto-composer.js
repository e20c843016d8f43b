// @ts-check
// Where messages are written. Enter sends, Shift+Enter makes a new line;
// nothing is sent while an input method composes.

import { recentEmoji, toneOf } from '../core/emoji.js';
import { t } from '../core/strings.js';
import { suggestEmoji } from '../core/suggest.js';
import { isBlank } from '../core/text.js';
import { attr, el, emit, uniqueId } from './dom.js';
import { icon } from './icons.js';
import { SottoEmoji } from './sotto-emoji.js';
import { SottoSuggest } from './sotto-suggest.js';

/** @typedef {import('../core/emoji.js').Emoji} Emoji */

/** Key code that browsers give while an input method composes. */
const COMPOSING = 229;

/** Lines shown at most where the browser cannot size the field by its content. */
const MAX_ROWS = 10;

export class SottoComposer extends HTMLElement {
  #conversation = '';
  #picker;
  #suggest;
  #input = el('textarea', {
    id: uniqueId('composer'), class: 'input', rows: 1, dir: 'auto', placeholder: t('composer.placeholder'), autocomplete: 'off',
    enterkeyhint: 'send', 'data-testid': 'composer',
    oninput: () => this.#typed(), onselectionchange: () => this.#suggest.look(), onblur: () => this.#suggest.look(), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e),
  });
  #emoji = el('button', {
    type: 'button', class: 'button ghost icon-only', 'aria-label': t('composer.emoji'), title: t('composer.emoji'), 'aria-expanded': 'false',
    'aria-haspopup': 'dialog', onclick: () => this.#toggle(),
  }, icon('smile'));
  #send = el('button', { class: 'button icon-only send', 'aria-label': t('composer.send'), title: t('composer.send') }, icon('send'));

  /** @param {{ loadEmoji: () => Promise<Emoji[]>, recentTexts: () => string[] }} services */
  constructor(services) {
    super();
    this.#picker = new SottoEmoji(services);
    this.#picker.hidden = true;
    this.#picker.addEventListener('pick', (event) => this.#pick(/** @type {CustomEvent} */ (event).detail));
    this.#picker.addEventListener('close', () => this.#toggle(false));
    const emoji = async (/** @type {string} */ query) => suggestEmoji(await services.loadEmoji(), query, toneOf(recentEmoji(services.recentTexts())));
    this.#suggest = new SottoSuggest(this.#input, { ':': emoji }, () => this.#typed());
    const submit = (/** @type {Event} */ event) => this.#submit(event);
    this.append(this.#picker, this.#suggest, el('form', { onsubmit: submit }, this.#emoji, this.#input, this.#send));
  }

  /** @override */
  focus() {
    this.#input.focus();
  }

  /** @param {{ conversation: string, handle: string, draft: string }} noun */
  update({ conversation, handle, draft }) {
    const switched = conversation !== this.#conversation;
    this.#conversation = conversation;
    attr(this.#input, 'aria-label', t('composer.label', { handle }));
    if (this.#input.value !== draft) this.#input.value = draft;
    if (switched && !this.#picker.hidden) this.#toggle(false);
    this.#fit();
  }

  #typed() {
    emit(this, { verb: 'draft', conversation: this.#conversation, text: this.#input.value });
    this.#fit();
    void this.#suggest.look();
  }

  #fit() {
    attr(this.#send, 'aria-disabled', isBlank(this.#input.value) ? 'true' : null);
    if (!CSS.supports('field-sizing', 'content')) this.#input.rows = Math.min(MAX_ROWS, this.#input.value.split('\n').length);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, shiftKey, isComposing, keyCode } = event;
    if (!isComposing && this.#suggest.key(event)) return;
    if (key === 'Escape' && !this.#picker.hidden) return this.#toggle(false);
    if (key !== 'Enter' || shiftKey || isComposing || keyCode === COMPOSING) return;
    this.#submit(event);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    this.#input.focus();
    const text = this.#input.value;
    if (isBlank(text)) return;
    this.#input.value = '';
    this.#fit();
    emit(this, { verb: 'send', conversation: this.#conversation, text });
  }

  /** @param {boolean} [open] */
  #toggle(open = this.#picker.hidden === true) {
    this.#picker.hidden = !open;
    attr(this.#emoji, 'aria-expanded', open ? 'true' : 'false');
    if (open) this.#picker.open();
    else this.#input.focus();
  }

  /** @param {{ emoji: string, stay: boolean }} choice */
  #pick({ emoji, stay }) {
    const { selectionStart, selectionEnd } = this.#input;
    this.#input.setRangeText(emoji, selectionStart, selectionEnd, 'end');
    this.#typed();
    if (!stay) this.#toggle(false);
  }
}

customElements.define('sotto-composer', SottoComposer);
