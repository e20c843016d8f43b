// @ts-check
// Search, from the keyboard: conversations and people by their names, and what
// was written, everywhere or in one conversation. The field keeps the focus, the
// arrow keys move through what fits, Enter goes there.

import { isHandle, toHandle } from '../core/handle.js';
import { dialogOf, nameOf, placeOf, sortedConversations } from '../core/state.js';
import { t } from '../core/strings.js';
import { createDialog } from './dialog.js';
import { attr, el, emit, say } from './dom.js';
import { nameField } from './field.js';
import { icon } from './icons.js';
import { createOptions } from './options.js';
import { avatarOf } from './sotto-avatar.js';

/** @typedef {import('../core/model.js').State} State */
/** @typedef {import('../core/contract.js').Conversation} Conversation */
/** @typedef {import('../core/time.js').Formatter} Format */

export class SottoSwitch extends HTMLElement {
  /** @type {State | null} */
  #state = null;
  #input = nameField({
    class: 'input large', maxlength: 200, oninput: () => this.#typed(), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#options.key(e),
  });
  #status = el('p', { class: 'status soft', role: 'status' });
  #options = createOptions(t('list.label'), this.#input, (i) => this.#choose(i));
  /** What each line does. @type {(() => void)[]} */
  #acts = [];
  #dialog = createDialog(this, 'switch', this.#input, this.#options.list, this.#status);

  /** The conversation that is searched; null: all. @type {string | null} */
  #within = null;
  /** @type {State['found']} */
  #found = null;
  /** @type {Format | null} */
  #format = null;
  #now = 0;

  /** @param {{ state: State, format: Format, now: number }} noun */
  update({ state, format, now }) {
    const about = dialogOf(state, 'switch');
    const answered = state.found !== this.#found;
    this.#state = state;
    this.#found = state.found;
    this.#format = format;
    this.#now = now;
    if (about) this.#within = about.within;
    const conversation = state.conversations[this.#within ?? ''];
    const words = conversation ? t('switch.within', { name: nameOf(conversation) }) : t('switch.title');
    const opened = this.#dialog.show(about !== null, words);
    attr(this.#input, 'aria-label', words);
    attr(this.#input, 'placeholder', conversation ? t('switch.text') : t('switch.label'));
    if (opened) {
      this.#input.value = '';
      this.#input.focus();
    }
    if (opened || about && answered) this.#show();
  }

  #typed() {
    emit(this, { verb: 'search', query: this.#input.value.trim(), within: this.#within });
    this.#show();
  }

  #show() {
    const state = /** @type {State} */ (this.#state);
    const typed = this.#input.value.trim();
    const { found } = this.#found ?? {};
    const { talks, people } = this.#within === null ? this.#places(state, typed) : { talks: [], people: [] };
    const hits = (typed === '' ? [] : (found?.messages ?? [])).map((hit) => {
      const { conversation, id, position } = hit;
      return { node: this.#hit(hit, state), act: () => emit(this, { verb: 'jump', conversation, id, position }) };
    });
    const all = [...talks, ...hits, ...people];
    this.#acts = all.map(({ act }) => act);
    this.#options.show(all.map(({ node }) => node));
    const n = this.#acts.length;
    const answered = typed !== '' && this.#found?.query === typed;
    const failed = answered && !found;
    const count = typed === '' ? '' : n > 0 ? t('switch.results', { n }) : answered && !failed ? t('switch.none') : '';
    say(this.#status, [count, failed ? t('switch.failed') : '', found?.more ? t('switch.more') : '', found?.building ? t('switch.building') : ''].filter(Boolean).join(' '));
  }

  /**
   * Conversations and people by their names.
   * @param {State} state
   * @param {string} typed
   */
  #places(state, typed) {
    const handle = toHandle(typed);
    /** @param {Conversation} c */
    const name = (c) => toHandle(nameOf(c));
    const found = sortedConversations(state).filter((c) => name(c).includes(handle));
    found.sort((a, b) => Number(name(b).startsWith(handle)) - Number(name(a).startsWith(handle)));
    const others = (typed === '' ? [] : (this.#found?.found?.people ?? [])).filter((p) => p.conversation === null).map((p) => p.handle);
    // What cannot be a name as it stands is meant as words.
    const fresh = typed.toLowerCase() === handle && isHandle(handle) && !found.some((c) => c.handle === handle) ? [handle] : [];
    const talks = found.map((c) => ({ node: line(c), act: () => emit(this, { verb: 'go', route: placeOf(state, c).route }) }));
    const people = [...new Set([...others, ...fresh])].map((who) => ({ node: start(who), act: () => emit(this, { verb: 'seek', typed: who }) }));
    return { talks, people };
  }

  /**
   * A message that was found, with what matches in it.
   * @param {import('../core/contract.js').Hit} hit
   * @param {State} state
   */
  #hit({ conversation: id, sender, own, time, text, marks }, state) {
    const conversation = state.conversations[id];
    const who = own ? t('message.you') : sender.handle;
    const where = conversation && this.#within === null && (own || conversation.kind === 'group') ? t('switch.in', { who, name: nameOf(conversation) }) : who;
    let from = 0;
    const words = marks.flatMap(({ start, end }) => {
      const parts = [text.slice(from, start), el('mark', text.slice(start, end))];
      from = end;
      return parts;
    });
    return el('div', { class: 'hit' },
      el('span', { class: 'soft where' }, el('span', { dir: 'auto' }, where), el('time', this.#format?.listTime(time, this.#now) ?? '')),
      el('span', { class: 'words', dir: 'auto' }, ...words, text.slice(from)));
  }

  /** @param {number} i */
  #choose(i) {
    emit(this, { verb: 'close', kind: 'switch' });
    this.#acts[i]?.();
  }
}

/** @param {Conversation} conversation */
function line(conversation) {
  const unread = conversation.unread > 0 && el('span', { class: 'soft' }, t('list.unread', { n: conversation.unread }));
  return el('div', avatarOf(conversation), el('span', { class: 'name', dir: 'auto' }, nameOf(conversation)), unread);
}

/** @param {string} handle */
function start(handle) {
  return el('div', icon('invite'), el('span', { class: 'name' }, t('switch.new', { handle })));
}

customElements.define('sotto-switch', SottoSwitch);
