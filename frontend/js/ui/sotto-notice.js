// @ts-check
// Something that happened to the conversation itself: what it was, what it
// means, what to do. Changes of a group take one line; what they mean is shown
// when it is asked for.

import { noticeText, t } from '../core/strings.js';
import { button, signButton } from './button.js';
import { attr, el, emit, say } from './dom.js';
import { icon } from './icons.js';

/** @typedef {import('../core/contract.js').Entry} Entry */
/** @typedef {import('../core/contract.js').Conversation} Conversation */
/** @typedef {import('./icons.js').IconName} IconName */

/** @type {Record<string, IconName>} */
const icons = { opened: 'lock', created: 'lock', entered: 'lock', 'newer-version': 'info', 'peer-away': 'clock', 'identity-changed': 'warning' };

/** Notices that stop a conversation, those that only tell, and the changes of a group. */
const grave = new Set(['identity-changed', 'chain-rolled-back', 'chain-forked', 'stale-prekey', 'split-view', 'copied-profile']);
const calm = new Set(['opened', 'created', 'entered', 'newer-version', 'peer-away']);
const changes = new Set(['added', 'removed', 'taken-out', 'left', 'joined', 'promoted', 'demoted', 'renamed', 'link-made', 'links-revoked', 'rejoined', 'renewed']);

/** Notices that the panel about the other side, or the group, helps with. */
const reviewed = new Set(['opened', 'created', 'entered', 'identity-changed', 'unproven', 'not-done']);

export class SottoNotice extends HTMLElement {
  #icon = el('span', { class: 'sign' });
  #what = el('strong');
  #more = signButton('info', t('notice.more'), { class: 'more', 'aria-expanded': 'false', onclick: () => this.#unfold() });
  #rest = el('p');
  /** @type {Conversation | null} */
  #conversation = null;
  #about = '';
  #review = button('button small quiet', () => this.#open());
  #code = '';

  constructor() {
    super();
    this.append(this.#icon, el('div', { class: 'words' }, this.#what, this.#more, this.#rest, this.#review));
  }

  /** @param {{ entry: Entry, conversation: Conversation }} noun */
  update({ entry, conversation }) {
    const { code, detail } = entry.notice ?? { code: 'other', detail: {} };
    const group = conversation.kind === 'group';
    const words = noticeText(code, { by: entry.sender.handle, ...detail }, group ? entry.sender.handle || t('group.others') : conversation.handle);
    this.#conversation = conversation;
    this.#about = detail.account ?? '';
    attr(this, 'data-code', code);
    attr(this, 'data-weight', grave.has(code) ? 'grave' : calm.has(code) ? 'calm' : changes.has(code) ? 'change' : 'warning');
    if (code !== this.#code) this.#icon.replaceChildren(icon(icons[code] ?? 'warning'));
    this.#code = code;
    say(this.#what, words.what);
    this.#more.hidden = !changes.has(code);
    say(this.#rest, `${words.means} ${words.todo}`);
    this.#review.hidden = !reviewed.has(code);
    say(this.#review, t(calm.has(code) ? 'notice.compare' : 'decide.identity-changed'));
  }

  #unfold() {
    attr(this.#more, 'aria-expanded', this.#more.ariaExpanded === 'true' ? 'false' : 'true');
  }

  #open() {
    const { id = '', kind } = this.#conversation ?? {};
    if (kind === 'group' && this.#about === '') emit(this, { verb: 'group', conversation: id });
    else emit(this, { verb: 'contact', conversation: id, account: kind === 'group' ? this.#about : '' });
  }
}

customElements.define('sotto-notice', SottoNotice);
