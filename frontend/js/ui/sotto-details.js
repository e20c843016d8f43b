// @ts-check
// About one message: who has received and read it, who reacted, and what it
// said before.

import { dialogOf } from '../core/state.js';
import { errorText, t } from '../core/strings.js';
import { shown } from '../core/text.js';
import { createDialog } from './dialog.js';
import { el, say } from './dom.js';
import { icon } from './icons.js';
import { avatarOf } from './sotto-avatar.js';

/** @typedef {import('../core/model.js').State} State */
/** @typedef {import('../core/contract.js').Sender} Sender */

/** A section that is there where it has lines. @param {import('../core/strings.js').Key} title */
function section(title) {
  const list = el('ul');
  const node = el('section', el('h3', t(title)), list);
  return {
    node,
    /** @param {Node[]} lines */
    show(lines) {
      node.hidden = lines.length === 0;
      list.replaceChildren(...lines);
    },
  };
}

export class SottoDetails extends HTMLElement {
  #told = section('details.told');
  #reactions = section('message.reactions');
  #versions = section('details.versions');
  #status = el('p', { class: 'status soft', role: 'status' });
  #dialog = createDialog(this, 'details', this.#status, this.#told.node, this.#reactions.node, this.#versions.node);
  /** @type {State['dialog']} */
  #shown = null;

  /** @param {{ state: State, format: import('../core/time.js').Formatter }} noun */
  update({ state, format }) {
    const about = dialogOf(state, 'details');
    if (about && about !== this.#shown) this.#show(about, state, format);
    this.#shown = about;
    this.#dialog.show(about !== null, t('message.details'));
  }

  /**
   * @param {Extract<State['dialog'], { kind: 'details' }>} about
   * @param {State} state
   * @param {import('../core/time.js').Formatter} format
   */
  #show({ entry, told, versions, error }, { me, settings }, format) {
    /** @param {Sender} who */
    const name = ({ account, handle }) => (account === me?.account ? t('message.you') : handle);
    this.#told.show((told ?? []).map(({ account, handle, delivered, read }) => {
      const status = read ? 'read' : delivered ? 'delivered' : 'sent';
      return person({ account, handle }, handle, el('span', { class: 'soft' }, icon(status), t(`status.${status}`)));
    }));
    this.#reactions.show((entry.reactions ?? []).flatMap(({ emoji, who }) => who.map((w) => person(w, name(w), el('span', { class: 'sign' }, emoji)))));
    this.#versions.show(versions.map(({ text, time }) => el('li', { class: 'version' }, el('time', { class: 'soft' }, format.full(time)), el('p', { dir: 'auto' }, shown(text, false).text))));
    say(this.#status, error ? errorText(error) : told && settings?.receipts === false ? t('details.off') : '');
  }
}

/** @param {Sender} who @param {string} name @param {Node} end */
function person(who, name, end) {
  return el('li', { class: 'line' }, avatarOf(who), el('span', { class: 'name' }, name), end);
}

customElements.define('sotto-details', SottoDetails);
