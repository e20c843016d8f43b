// @ts-check
// About the other side of a conversation, or a member of a group: the safety
// number and whether it was compared, and the decision about a changed identity.

import { dialogOf } from '../core/state.js';
import { errorText, t } from '../core/strings.js';
import { button } from './button.js';
import { arrange, attr, el, emit, say } from './dom.js';
import { createDialog } from './dialog.js';
import { createSwitch } from './field.js';
import { icon } from './icons.js';
import { SottoAvatar } from './sotto-avatar.js';
import { SottoMember } from './sotto-member.js';
import { SottoNumber } from './sotto-number.js';
import { SottoQr } from './sotto-qr.js';

/** @typedef {import('../core/contract.js').Contact} Contact */
/** @typedef {Extract<import('../core/model.js').Dialog, { kind: 'contact' }>} ContactDialog */
/** @typedef {import('../core/contract.js').Conversation} Conversation */
/** @typedef {{ state: import('../core/model.js').State, format: import('../core/time.js').Formatter }} Noun */

export class SottoContact extends HTMLElement {
  #conversation = '';
  #avatar = new SottoAvatar();
  #name = el('strong', { class: 'name' });
  #trustIcon = el('span', { class: 'sign' });
  #trustWords = el('span');
  #trust = el('p', { class: 'trust' }, this.#trustIcon, this.#trustWords);
  #number = new SottoNumber();
  #explain = el('p', { class: 'soft' });
  #qr = new SottoQr();
  #verified = createSwitch(t('contact.verified'), (verified) => emit(this, { verb: 'verify', conversation: this.#conversation, verified }));
  #changed = new Changed(() => emit(this, { verb: 'accept', conversation: this.#conversation }));
  #member = new SottoMember();
  #account = el('code', { dir: 'ltr' });
  #since = el('dd');
  #devices = el('ul');
  #status = el('p', { class: 'status', role: 'status' });
  #known;
  #dialog;

  constructor() {
    super();
    this.#known = el('div', { class: 'known' },
      el('div', { class: 'person' }, this.#avatar, el('div', this.#name, this.#trust)),
      this.#changed.node,
      el('section', { class: 'safety' },
        el('h3', t('contact.number')), this.#explain,
        el('div', { class: 'compare' }, this.#number, this.#qr),
        this.#verified.node),
      this.#member,
      el('dl',
        el('dt', t('contact.since')), this.#since,
        el('dt', t('contact.account')), el('dd', this.#account),
        el('dt', t('contact.devices')), el('dd', this.#devices)));
    this.#dialog = createDialog(this, 'contact', this.#status, this.#known);
  }

  /** @param {Noun} noun */
  update({ state, format }) {
    const dialog = dialogOf(state, 'contact');
    const conversation = state.conversations[dialog?.conversation ?? ''];
    const member = state.groups[conversation?.id ?? '']?.members.find((m) => m.account === dialog?.account);
    const handle = dialog?.contact?.handle ?? member?.handle ?? conversation?.handle ?? '';
    if (dialog && conversation) {
      this.#conversation = dialog.conversation;
      const words = dialog.error ? errorText(dialog.error, { handle }) : dialog.contact ? '' : t('contact.loading');
      say(this.#status, words);
      this.#known.hidden = dialog.contact === null;
      const admin = conversation.role === 'admin' && conversation.ended === '';
      this.#member.update({ conversation: conversation.id, member: member ?? null, admin });
      if (dialog.contact) this.#show(dialog, dialog.contact, conversation, format);
    }
    this.#dialog.show(dialog !== null, t('contact.title', { handle }));
  }

  /**
   * @param {ContactDialog} dialog
   * @param {Contact} contact
   * @param {Conversation} conversation
   * @param {Noun['format']} format
   */
  #show({ busy, account: member }, contact, conversation, format) {
    const { handle, account, verified, safetyNumber, qr, devices, since } = contact;
    const { blocked } = conversation;
    const about = contact.changed !== null || blocked?.detail.account === member;
    const disputed = about && (member === '' || blocked?.code === 'identity-changed');
    this.#avatar.update(contact);
    say(this.#name, handle);
    attr(this.#trust, 'data-level', verified ? 'verified' : 'unverified');
    this.#trustIcon.replaceChildren(icon(verified ? 'verified' : 'shield'));
    say(this.#trustWords, t(verified ? 'contact.is.verified' : 'contact.is.unverified', { handle }));
    say(this.#explain, t('contact.explain', { handle }));
    this.#number.update({ number: safetyNumber, label: t('contact.number') });
    this.#qr.update({ text: qr, label: t('contact.qr') });
    this.#verified.input.checked = verified;
    this.#verified.input.disabled = busy || about;
    this.#changed.update(contact, { disputed, busy, group: member !== '' });
    say(this.#account, account);
    say(this.#since, format.date(since));
    arrange(this.#devices, devices.map(({ id, active }) =>
      el('li', el('code', { dir: 'ltr' }, id.slice(0, 16)), ` ${t(active ? 'contact.device.active' : 'contact.device.gone')}`)));
  }
}

/** The part that explains a changed identity and asks for a decision. */
class Changed {
  #title = el('h3');
  #text = el('p');
  #number = new SottoNumber();
  #of = el('div', el('h4', t('contact.changed.number')), this.#number);
  #button;
  node;

  /** @param {() => void} accept */
  constructor(accept) {
    this.#button = button('button danger', accept);
    this.node = el('section', { class: 'changed', role: 'alert' }, icon('warning'),
      el('div', this.#title, this.#text, this.#of, this.#button));
  }

  /** @param {Contact} contact @param {{ disputed: boolean, busy: boolean, group: boolean }} how group: it is about a member of one */
  update({ changed, handle }, { disputed, busy, group }) {
    this.node.hidden = !disputed;
    say(this.#title, t('contact.changed.title', { handle }));
    say(this.#text, t(group ? 'contact.changed.group' : 'contact.changed.text', { handle }));
    this.#of.hidden = changed === null;
    if (changed) this.#number.update({ number: changed.safetyNumber, label: t('contact.changed.number') });
    say(this.#button, t(group ? 'contact.changed.go-on' : 'contact.changed.accept'));
    this.#button.disabled = busy;
  }
}

customElements.define('sotto-contact', SottoContact);
