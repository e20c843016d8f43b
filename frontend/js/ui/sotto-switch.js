// @ts-check
// Goes to a conversation by its name, from the keyboard: the field keeps the
// focus, the arrow keys move through what fits, Enter goes there.

import { isHandle, toHandle } from '../core/handle.js';
import { nameOf, placeOf, sortedConversations } from '../core/state.js';
import { t } from '../core/strings.js';
import { createDialog } from './dialog.js';
import { attr, el, emit, say, uniqueId } from './dom.js';
import { icon } from './icons.js';
import { createOptions } from './options.js';
import { SottoAvatar } from './sotto-avatar.js';

/** @typedef {import('../core/model.js').State} State */
/** @typedef {import('../core/contract.js').Conversation} Conversation */

export class SottoSwitch extends HTMLElement {
  /** @type {State | null} */
  #state = null;
  #list = el('div', { id: uniqueId('switch'), class: 'options', role: 'listbox', 'aria-label': t('list.label') });
  #input = el('input', {
    type: 'text', class: 'input large', role: 'combobox', 'aria-label': t('switch.label'), placeholder: t('switch.label'), autocomplete: 'off',
    autocapitalize: 'none', spellcheck: 'false', maxlength: 64, 'aria-expanded': 'true', 'aria-autocomplete': 'list', 'aria-controls': this.#list.id,
    oninput: () => this.#show(), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#options.key(e),
  });
  #status = el('p', { class: 'status soft', role: 'status' });
  #options = createOptions(this.#list, this.#input, (_option, i) => this.#choose(i));
  /** What each line does. @type {(() => void)[]} */
  #acts = [];
  #dialog = createDialog(this, 'switch', this.#input, this.#list, this.#status);
  #open = false;

  /** @param {{ state: State }} noun */
  update({ state }) {
    const open = state.dialog?.kind === 'switch';
    const opened = open && !this.#open;
    this.#open = open;
    this.#state = state;
    if (opened) this.#input.value = '';
    if (opened) this.#show();
    this.#dialog.show(open, t('switch.title'));
    if (opened) this.#input.focus();
  }

  #show() {
    const state = /** @type {State} */ (this.#state);
    const handle = toHandle(this.#input.value);
    /** @param {Conversation} c */
    const name = (c) => toHandle(nameOf(c));
    const found = sortedConversations(state).filter((c) => name(c).includes(handle));
    found.sort((a, b) => Number(name(b).startsWith(handle)) - Number(name(a).startsWith(handle)));
    const fresh = isHandle(handle) && !found.some((c) => c.handle === handle);
    this.#acts = [
      ...found.map((c) => () => emit(this, { verb: 'go', route: placeOf(state, c).route })),
      ...(fresh ? [() => emit(this, { verb: 'seek', typed: handle })] : []),
    ];
    this.#options.show([...found.map(line), ...(fresh ? [start(handle)] : [])]);
    const n = this.#acts.length;
    say(this.#status, n === 0 ? t('switch.none') : handle === '' ? '' : t('switch.results', { n }));
    attr(this.#list, 'hidden', this.#acts.length === 0);
  }

  /** @param {number} i */
  #choose(i) {
    emit(this, { verb: 'close', kind: 'switch' });
    this.#acts[i]?.();
  }
}

/** @param {Conversation} conversation */
function line(conversation) {
  const avatar = new SottoAvatar();
  avatar.update(conversation);
  const unread = conversation.unread > 0 && el('span', { class: 'soft' }, t('list.unread', { n: conversation.unread }));
  return el('div', {}, avatar, el('span', { class: 'name', dir: 'auto' }, nameOf(conversation)), unread);
}

/** @param {string} handle */
function start(handle) {
  return el('div', {}, icon('invite'), el('span', { class: 'name' }, t('switch.new', { handle })));
}

customElements.define('sotto-switch', SottoSwitch);
