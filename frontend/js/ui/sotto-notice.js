// @ts-check
// Something that happened to the conversation itself: what it was, what it
// means, what to do.

import { noticeText, t } from '../core/strings.js';
import { attr, el, emit, say } from './dom.js';
import { icon } from './icons.js';

/** @typedef {import('../core/contract.js').Entry} Entry */
/** @typedef {import('./icons.js').IconName} IconName */

/** @type {Record<string, IconName>} */
const icons = { opened: 'lock', 'newer-version': 'info', 'peer-away': 'clock', 'identity-changed': 'warning' };

/** Notices that stop a conversation, and those that only tell. */
const grave = new Set(['identity-changed', 'chain-rolled-back', 'chain-forked', 'stale-prekey', 'split-view', 'copied-profile']);
const calm = new Set(['opened', 'newer-version', 'peer-away']);

/** Notices that the contact panel helps with. */
const reviewed = new Set(['opened', 'identity-changed']);

export class SottoNotice extends HTMLElement {
  #icon = el('span', { class: 'sign' });
  #what = el('strong');
  #rest = el('p');
  #conversation = '';
  #review = el('button', { type: 'button', class: 'button small quiet', onclick: () => this.#open() });
  #code = '';

  constructor() {
    super();
    this.append(this.#icon, el('div', { class: 'words' }, this.#what, this.#rest, this.#review));
  }

  /** @param {{ code: string, detail: Record<string, string>, handle: string, conversation: string }} noun */
  update({ code, detail, handle, conversation }) {
    const words = noticeText(code, detail, handle);
    this.#conversation = conversation;
    attr(this, 'data-code', code);
    attr(this, 'data-weight', grave.has(code) ? 'grave' : calm.has(code) ? 'calm' : 'warning');
    if (code !== this.#code) this.#icon.replaceChildren(icon(icons[code] ?? 'warning'));
    this.#code = code;
    say(this.#what, words.what);
    say(this.#rest, `${words.means} ${words.todo}`);
    attr(this.#review, 'hidden', !reviewed.has(code));
    say(this.#review, t(code === 'opened' ? 'notice.compare' : 'notice.review'));
  }

  #open() {
    emit(this, { verb: 'contact', conversation: this.#conversation });
  }
}

customElements.define('sotto-notice', SottoNotice);
