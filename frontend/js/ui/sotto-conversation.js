// @ts-check
// One conversation: who it is with, its messages, and where to write.

import { announce } from '../core/announce.js';
import { draftOf, emptyTimeline, placeOf } from '../core/state.js';
import { known, noticeText, t } from '../core/strings.js';
import { attr, el, emit, say } from './dom.js';
import { icon } from './icons.js';
import { SottoAvatar } from './sotto-avatar.js';
import { SottoComposer } from './sotto-composer.js';
import { SottoTimeline } from './sotto-timeline.js';

/** @typedef {import('../core/contract.js').Conversation} Conversation */
/** @typedef {import('../core/model.js').State} State */

/** How far the other side can be trusted, in a sign and in words. */
const trusts = /** @type {const} */ ({
  other: { sign: 'warning', words: 'list.other' },
  blocked: { sign: 'warning', words: 'list.blocked' },
  verified: { sign: 'verified', words: 'pane.verified' },
  unverified: { sign: 'lock', words: 'pane.encrypted' },
});

export class SottoConversation extends HTMLElement {
  /** @type {Conversation | null} */
  #conversation = null;
  /** @type {State | null} */
  #state = null;
  #avatar = new SottoAvatar();
  #name = el('span', { class: 'name', dir: 'auto' });
  #trustIcon = el('span', { class: 'sign' });
  #trustWords = el('span');
  #trust = el('span', { class: 'trust' }, this.#trustIcon, this.#trustWords);
  #contact = el('button', { type: 'button', class: 'contact', 'data-testid': 'contact', onclick: () => this.#open() }, this.#avatar, this.#name, this.#trust);
  #back = el('a', { class: 'button ghost icon-only back', href: '#/', 'aria-label': t('pane.back'), title: t('pane.back') }, icon('back'));
  #timeline = new SottoTimeline();
  #composer;
  #announcer = el('p', { class: 'sr', role: 'status' });
  /** @type {import('../core/announce.js').Known | null} */
  #known = null;
  #blockedWhat = el('strong');
  #blockedRest = el('p');
  #decide = el('button', { type: 'button', class: 'button', onclick: () => this.#decided() });
  #blocked = el('div', { class: 'blocked', role: 'alert' }, icon('warning'), el('div', {}, this.#blockedWhat, this.#blockedRest, this.#decide));

  /** @param {import('./sotto-app.js').Services} services */
  constructor({ loadEmoji }) {
    super();
    this.#composer = new SottoComposer({ loadEmoji, recentTexts: () => this.#ownTexts() });
    this.append(el('header', {}, this.#back, el('h2', {}, this.#contact)), this.#timeline, this.#blocked, this.#composer, this.#announcer);
  }

  /** @param {{ state: State, conversation: Conversation, now: number, format: import('../core/time.js').Formatter }} noun */
  update({ state, conversation, now, format }) {
    const switched = this.#conversation?.id !== conversation.id;
    this.#conversation = conversation;
    this.#state = state;
    const { handle, verified, blocked } = conversation;
    this.#avatar.update(conversation);
    say(this.#name, handle);
    this.#showTrust(placeOf(state, conversation).other ? 'other' : blocked ? 'blocked' : verified ? 'verified' : 'unverified');
    this.#showBlocked(conversation);
    const line = state.timelines[conversation.id] ?? emptyTimeline;
    this.#composer.update({ conversation: conversation.id, handle, draft: draftOf(state, conversation) });
    this.#timeline.update({ conversation, line, format, now });
    const { known, words } = announce(switched ? null : this.#known, line.entries, conversation);
    this.#known = known;
    if (words !== null || switched) say(this.#announcer, words ?? '');
    if (switched && blocked === null && matchMedia('(hover: hover)').matches) this.#composer.focus();
  }

  /** The person goes elsewhere; to be called while it is still drawn. */
  leave() {
    this.#conversation = null;
    this.#timeline.leave();
  }

  /** @param {keyof typeof trusts} level */
  #showTrust(level) {
    if (this.#trust.dataset.level === level) return;
    this.#trust.dataset.level = level;
    this.#trustIcon.replaceChildren(icon(trusts[level].sign));
    say(this.#trustWords, t(trusts[level].words));
  }

  /** @param {Conversation} conversation */
  #showBlocked({ blocked, handle }) {
    attr(this.#blocked, 'hidden', blocked === null);
    attr(this.#composer, 'hidden', blocked !== null);
    if (!blocked) return;
    const words = noticeText(blocked.code, blocked.detail, handle);
    say(this.#blockedWhat, words.what);
    say(this.#blockedRest, `${words.means} ${words.todo}`);
    const decision = `decide.${blocked.code}`;
    attr(this.#decide, 'hidden', !known(decision));
    say(this.#decide, known(decision) ? t(decision) : '');
  }

  /** What the person can do about what stopped the conversation. */
  #decided() {
    const { id, handle, blocked } = /** @type {Conversation} */ (this.#conversation);
    if (blocked?.code === 'copied-profile') emit(this, { verb: 'accept', conversation: id });
    else if (blocked?.code === 'superseded') emit(this, { verb: 'go', route: { with: handle } });
    else this.#open();
  }

  #open() {
    if (this.#conversation) emit(this, { verb: 'contact', conversation: this.#conversation.id });
  }

  /** What was written here lately: where recent emoji come from. */
  #ownTexts() {
    const lines = Object.values(this.#state?.timelines ?? {});
    const own = lines.flatMap((line) => line.entries.filter((e) => e.own && e.text).slice(-100));
    return own.sort((a, b) => a.time - b.time).map((e) => e.text ?? '');
  }
}

customElements.define('sotto-conversation', SottoConversation);
