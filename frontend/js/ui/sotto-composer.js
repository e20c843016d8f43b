// @ts-check
// Where messages are written. Enter sends, Shift+Enter makes a new line;
// nothing is sent while an input method composes.

import { recentEmoji, toneOf } from '../core/emoji.js';
import { t } from '../core/strings.js';
import { suggestEmoji, suggestPeople } from '../core/suggest.js';
import { isBlank, oneLine } from '../core/text.js';
import { signButton } from './button.js';
import { attr, el, emit, say, uniqueId } from './dom.js';
import { SottoEmoji } from './sotto-emoji.js';
import { SottoSuggest } from './sotto-suggest.js';

/** @typedef {import('../core/emoji.js').Emoji} Emoji */

/** Key code that browsers give while an input method composes. */
const COMPOSING = 229;

/** Lines shown at most where the browser cannot size the field by its content. */
const MAX_ROWS = 10;

export class SottoComposer extends HTMLElement {
  #conversation = '';
  /** @type {import('../core/model.js').Composing | null} */
  #composing = null;
  #what = el('strong');
  #words = el('span', { class: 'words', dir: 'auto' });
  #about = el('div', { class: 'about', hidden: true }, el('p', { id: uniqueId('about') }, this.#what, this.#words),
    signButton('close', t('composer.cancel'), { onclick: () => this.#cancel() }));
  #picker;
  #suggest;
  #input = el('textarea', {
    id: uniqueId('composer'), class: 'input', rows: 1, dir: 'auto', placeholder: t('composer.placeholder'), autocomplete: 'off',
    enterkeyhint: 'send',
    oninput: () => this.#typed(), onselectionchange: () => this.#suggest.look(), onblur: () => this.#suggest.look(), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e),
  });
  #emoji = signButton('smile', t('composer.emoji'), { 'aria-expanded': 'false', 'aria-haspopup': 'dialog', onclick: () => this.#toggle() });
  #send = signButton('send', t('composer.send'), { class: 'button icon-only send', type: 'submit' });

  /** @param {{ loadEmoji: () => Promise<Emoji[]>, recentTexts: () => string[] }} services */
  constructor(services) {
    super();
    this.#picker = new SottoEmoji(services);
    this.#picker.hidden = true;
    this.#picker.addEventListener('pick', (event) => this.#pick(/** @type {CustomEvent} */ (event).detail));
    this.#picker.addEventListener('close', () => this.#toggle(false));
    const emoji = async (/** @type {string} */ query) => suggestEmoji(await services.loadEmoji(), query, toneOf(recentEmoji(services.recentTexts())));
    const people = (/** @type {string} */ query) => this.#people(query);
    this.#suggest = new SottoSuggest(this.#input, { ':': emoji, '@': people }, () => this.#typed());
    const submit = (/** @type {Event} */ event) => this.#submit(event);
    this.append(this.#picker, this.#suggest, this.#about, el('form', { onsubmit: submit }, this.#emoji, this.#input, this.#send));
  }

  /** @override */
  focus() {
    this.#input.focus();
  }

  /** @param {string} query @returns {Promise<import('../core/suggest.js').Suggestion[]>} */
  #people(query) {
    return new Promise((resolve) => emit(this, { verb: 'members', conversation: this.#conversation, done: (people) => resolve(suggestPeople(people, query)) }));
  }

  /** @param {{ conversation: string, handle: string, draft: string, composing: import('../core/model.js').Composing | null }} noun */
  update({ conversation, handle, draft, composing }) {
    const began = composing !== null && (composing.kind !== this.#composing?.kind || composing.entry.id !== this.#composing.entry.id) && conversation === this.#conversation;
    this.#composing = composing;
    const switched = conversation !== this.#conversation;
    this.#conversation = conversation;
    attr(this.#input, 'aria-label', t('composer.label', { handle }));
    if (this.#input.value !== draft) this.#input.value = draft;
    if (switched && !this.#picker.hidden) this.#toggle(false);
    this.#fit();
    this.#about.hidden = composing === null;
    attr(this.#input, 'aria-describedby', composing && this.#about.firstElementChild?.id);
    if (!composing) return;
    const { entry: { own, sender, text = '' }, kind } = composing;
    say(this.#what, kind === 'edit' ? t('composer.edit') : own ? t('composer.reply.own') : t('composer.reply', { name: sender.handle }));
    say(this.#words, oneLine(text));
    if (!began) return;
    this.#input.focus();
    this.#input.setSelectionRange(draft.length, draft.length);
  }

  #cancel() {
    emit(this, { verb: 'compose', conversation: this.#conversation, composing: null });
    this.#input.focus();
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
    if (key === 'Escape' && this.#composing) return this.#cancel();
    if (key === 'ArrowUp' && this.#input.value === '' && !event.altKey && !isComposing) {
      event.preventDefault();
      emit(this, { verb: 'edit-last', conversation: this.#conversation });
    }
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
