// @ts-check
// One conversation: who it is with, its messages, and where to write.

import { announce } from '../core/announce.js';
import { standingOf } from '../core/standing.js';
import { draftOf, emptyTimeline, isHere, nameOf, placeOf, typingWords } from '../core/state.js';
import { t } from '../core/strings.js';
import { button, signButton } from './button.js';
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
  waiting: { sign: 'clock', words: 'list.waiting' },
  removed: { sign: 'info', words: 'list.removed' },
  left: { sign: 'info', words: 'list.left' },
  group: { sign: 'lock', words: 'pane.members' },
  verified: { sign: 'verified', words: 'pane.verified' },
  unverified: { sign: 'lock', words: 'pane.encrypted' },
});

/** Whether this account waits to be let in, or is not. @param {Conversation} conversation */
const outside = ({ waiting, blocked }) => waiting || blocked?.code === 'link-refused' || blocked?.code === 'not-by-link';

/** @param {Conversation} conversation @param {boolean} other it has the name of another one @returns {keyof typeof trusts} */
function trustIn({ blocked, kind, verified, waiting, ended }, other) {
  if (other || blocked) return other ? 'other' : 'blocked';
  if (kind === 'group') return waiting ? 'waiting' : ended || 'group';
  return verified ? 'verified' : 'unverified';
}

export class SottoConversation extends HTMLElement {
  /** @type {Conversation | null} */
  #conversation = null;
  /** @type {State | null} */
  #state = null;
  #avatar = new SottoAvatar();
  #name = el('span', { class: 'name', dir: 'auto' });
  #trustIcon = el('span', { class: 'sign' });
  #trustWords = el('span');
  #now = el('span', { class: 'now' });
  #trust = el('span', { class: 'trust' }, this.#trustIcon, this.#trustWords, this.#now);
  #contact = button('contact', () => this.#open(), this.#avatar, this.#name, this.#trust);
  #find = signButton('search', t('pane.find'), { onclick: () => emit(this, { verb: 'switch', within: this.#conversation?.id ?? '' }) });
  #back = el('a', { class: 'button ghost icon-only back', href: '#/', 'aria-label': t('pane.back'), title: t('pane.back') }, icon('back'));
  #timeline = new SottoTimeline();
  #composer;
  #announcer = el('p', { class: 'sr', role: 'status' });
  /** @type {import('../core/announce.js').Known | null} */
  #known = null;
  #what = el('strong');
  #rest = el('p');
  #sign = el('span', { class: 'sign' });
  #decide = button('button', () => this.#decided());
  #standing = el('div', { role: 'alert' }, this.#sign, el('div', this.#what, this.#rest, this.#decide));

  /** @param {import('./sotto-app.js').Services} services */
  constructor({ loadEmoji }) {
    super();
    this.#composer = new SottoComposer({ loadEmoji, recentTexts: () => this.#ownTexts() });
    this.append(el('header', this.#back, el('h2', this.#contact), this.#find), this.#timeline, this.#standing, this.#composer, this.#announcer);
  }

  /** @param {{ state: State, conversation: Conversation, now: number, format: import('../core/time.js').Formatter }} noun */
  update({ state, conversation, now, format }) {
    const switched = this.#conversation?.id !== conversation.id;
    this.#conversation = conversation;
    this.#state = state;
    const name = nameOf(conversation);
    const here = isHere(conversation);
    this.#avatar.update(conversation, here);
    say(this.#name, name);
    this.#showTrust(trustIn(conversation, placeOf(state, conversation).other), conversation.members, typingWords(state.typing[conversation.id]) || (here ? t('pane.here') : ''));
    const writes = this.#showStanding(conversation);
    const line = state.timelines[conversation.id] ?? emptyTimeline;
    this.#composer.update({ conversation: conversation.id, handle: name, draft: draftOf(state, conversation), composing: state.composing[conversation.id] ?? null });
    this.#timeline.update({ conversation, line, me: state.me?.account ?? '', writes, format, now });
    const { known, words } = announce(switched ? null : this.#known, line.entries, conversation);
    this.#known = known;
    if (words !== null || switched) say(this.#announcer, words ?? '');
    if (switched && writes && matchMedia('(hover: hover)').matches) this.#composer.focus();
  }

  /** The person goes elsewhere; to be called while it is still drawn. */
  leave() {
    this.#conversation = null;
    this.#timeline.leave();
  }

  /** @param {keyof typeof trusts} level @param {number} n how many members there are @param {string} now what goes on */
  #showTrust(level, n, now) {
    say(this.#trustWords, t(trusts[level].words, { n }));
    say(this.#now, now);
    if (this.#trust.dataset.level === level) return;
    this.#trust.dataset.level = level;
    this.#trustIcon.replaceChildren(icon(trusts[level].sign));
  }

  /**
   * Says what is not as usual here.
   * @param {Conversation} conversation
   * @returns {boolean} whether one can write
   */
  #showStanding(conversation) {
    const standing = standingOf(conversation);
    const writes = standing === null || standing.writes;
    attr(this, 'data-outside', outside(conversation));
    this.#standing.hidden = standing === null;
    this.#composer.hidden = !writes;
    if (!standing) return writes;
    if (this.#standing.dataset.code !== standing.code) this.#sign.replaceChildren(icon(conversation.blocked ? 'warning' : conversation.ended ? 'info' : 'clock'));
    this.#standing.dataset.code = standing.code;
    attr(this.#standing, 'class', conversation.blocked ? 'standing blocked' : 'standing');
    say(this.#what, standing.what);
    say(this.#rest, standing.rest);
    this.#decide.hidden = standing.decide === null;
    say(this.#decide, standing.decide === null ? '' : t(standing.decide));
    return writes;
  }

  /** What the person can do about what stands there. */
  #decided() {
    const conversation = /** @type {Conversation} */ (this.#conversation);
    const { id, kind, handle, blocked } = conversation;
    if (blocked?.code === 'copied-profile') emit(this, { verb: 'accept', conversation: id });
    else if (blocked?.code === 'superseded') emit(this, { verb: 'go', route: { with: handle } });
    else if (outside(conversation)) emit(this, { verb: 'change', op: 'cancelJoin', args: { conversation: id } });
    else emit(this, { verb: 'contact', conversation: id, account: kind === 'group' ? blocked?.detail.account ?? '' : '' });
  }

  #open() {
    const conversation = /** @type {Conversation} */ (this.#conversation);
    const { id, kind } = conversation;
    if (!outside(conversation)) emit(this, { verb: kind === 'group' ? 'group' : 'contact', conversation: id });
  }

  /** What was written here lately: where recent emoji come from. */
  #ownTexts() {
    const lines = Object.values(this.#state?.timelines ?? {});
    const own = lines.flatMap((line) => line.entries.filter((e) => e.own && e.text).slice(-100));
    return own.sort((a, b) => a.time - b.time).map((e) => e.text ?? '');
  }
}

customElements.define('sotto-conversation', SottoConversation);
