// @ts-check
// Beside the conversation: who to talk to, the conversations, and oneself.

import { draftOf, placeOf, sortedConversations } from '../core/state.js';
import { t } from '../core/strings.js';
import { signButton } from './button.js';
import { attr, el, emit, say } from './dom.js';
import { mark } from './icons.js';
import { SottoAvatar } from './sotto-avatar.js';
import { SottoList } from './sotto-list.js';
import { SottoWho } from './sotto-who.js';

/** @typedef {import('../core/model.js').State} State */

export class SottoSidebar extends HTMLElement {
  #list = new SottoList();
  #who = new SottoWho();
  #avatar = new SottoAvatar();
  #name = el('span', { class: 'name' });
  #connection = el('span', { class: 'connection', role: 'status' });
  #invite = signButton('invite', t('invite.title'), { onclick: () => emit(this, { verb: 'invite' }) });
  #search = signButton('search', t('switch.title'), { onclick: () => emit(this, { verb: 'switch' }) });
  #group = signButton('group', t('create.title'), { onclick: () => emit(this, { verb: 'new-group' }) });
  #settings = signButton('gear', t('settings.title'), { onclick: () => emit(this, { verb: 'settings' }) });
  #me = el('div', { class: 'me' }, this.#avatar, el('div', { class: 'who' }, this.#name, this.#connection), this.#settings);

  constructor() {
    super();
    const head = el('div', { class: 'head' }, mark(), el('span', { class: 'brand', 'aria-hidden': 'true' }, t('app.name')), this.#search, this.#group, this.#invite);
    this.append(head, this.#who, this.#list, this.#me);
  }

  /** @param {string} conversation */
  focusOn(conversation) {
    this.#list.focusOn(conversation);
  }

  /** @param {{ state: State, active: string | null, now: number, format: import('../core/time.js').Formatter }} noun */
  update({ state, active, now, format }) {
    const conversations = sortedConversations(state);
    this.#who.hidden = conversations.length === 0;
    this.#invite.hidden = state.me === null || conversations.length === 0;
    this.#group.hidden = state.me === null;
    this.#search.hidden = conversations.length === 0;
    this.#me.hidden = state.me === null;
    if (state.me) this.#avatar.update(state.me);
    say(this.#name, state.me?.handle ?? '');
    attr(this.#connection, 'data-state', state.connection.state);
    say(this.#connection, connectionWords(state.connection.state));
    this.#list.update({
      loaded: state.me !== null,
      nouns: conversations.map((conversation) => ({
        conversation, draft: draftOf(state, conversation), typing: state.typing[conversation.id], active: conversation.id === active, place: placeOf(state, conversation), now, format,
      })),
    });
  }
}

/** @param {State['connection']['state']} state */
function connectionWords(state) {
  if (state === 'online') return t('connection.online');
  return t(state === 'offline' ? 'connection.short' : 'connection.connecting');
}

customElements.define('sotto-sidebar', SottoSidebar);
