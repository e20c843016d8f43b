// @ts-check
// About a group: what it is called, who is in it, which links lead here, and
// what can be done with all of it.

import { dialogOf, nameOf, peopleOf } from '../core/state.js';
import { t } from '../core/strings.js';
import { createAsk } from './ask.js';
import { createDialog } from './dialog.js';
import { el, emit, say } from './dom.js';
import { SottoAvatar } from './sotto-avatar.js';
import { SottoLinks } from './sotto-links.js';
import { SottoMembers } from './sotto-members.js';
import { SottoPeople } from './sotto-people.js';

/** @typedef {import('../core/model.js').State} State */
/** @typedef {{ state: State, share: boolean, format: import('../core/time.js').Formatter }} Noun */

/** What is known of a group before it was read. @type {import('../core/model.js').Group} */
const unread = { members: [], links: [] };

export class SottoGroup extends HTMLElement {
  #conversation = '';
  /** The member whose panel was opened last. */
  #asked = '';
  #avatar = new SottoAvatar();
  #name = el('strong', { class: 'name', dir: 'auto' });
  #count = el('p', { class: 'soft' });
  #alone = el('p', { class: 'soft' }, t('group.alone'));
  #members = new SottoMembers();
  #people = new SottoPeople();
  #links = new SottoLinks();
  #newName = el('input', { class: 'input', type: 'text', dir: 'auto', 'aria-label': t('create.name'), autocomplete: 'off', maxlength: 80 });
  #add = createAsk('add', () => this.#adds(), this.#people);
  #rename = createAsk('rename', () => this.#renames(), this.#newName);
  #renew = createAsk('renew', () => this.#does(this.#renew, { op: 'renewKeys', args: { conversation: this.#conversation } }));
  #leave = createAsk('leave', () => this.#leaves());
  #status = el('p', { class: 'status', role: 'status' });
  #known = el('div', { class: 'known' },
    el('div', { class: 'person' }, this.#avatar, el('div', this.#name, this.#count)),
    el('section', el('h3', t('group.members')), this.#alone, this.#members, this.#add.node),
    this.#links,
    el('section', this.#rename.node, this.#renew.node, this.#leave.node));
  #dialog = createDialog(this, 'group', this.#status, this.#known);

  constructor() {
    super();
    this.#members.addEventListener('verb', (event) => (this.#asked = /** @type {CustomEvent} */ (event).detail.account));
  }

  /** @param {Noun} noun */
  update(noun) {
    const { dialog, conversations } = noun.state;
    const conversation = conversations[dialogOf(noun.state, 'group')?.conversation ?? ''];
    if (conversation) this.#show(conversation, noun);
    const opened = this.#dialog.show(conversation !== undefined, t('group.title'));
    if (opened && this.#asked) this.#members.focusOn(this.#asked);
    if (dialog === null) this.#asked = '';
  }

  /**
   * @param {import('../core/contract.js').Conversation} conversation
   * @param {Noun} noun
   */
  #show(conversation, { state, share, format }) {
    const { id, role, ended, online } = conversation;
    const { members, links } = state.groups[id] ?? unread;
    const read = state.groups[id] !== undefined;
    say(this.#status, read ? '' : t('contact.loading'));
    this.#known.hidden = !read;
    const admin = role === 'admin' && ended === '';
    const others = members.filter((m) => !m.you && !m.left);
    if (!this.#rename.node.open) this.#newName.value = conversation.name;
    this.#conversation = id;
    this.#avatar.update(conversation);
    say(this.#name, nameOf(conversation));
    say(this.#count, t('group.count', { n: conversation.members }));
    this.#alone.hidden = members.length === 0 || others.length > 0 || ended !== '';
    this.#members.update({ conversation: id, members, online });
    this.#people.update({ known: peopleOf(state), taken: members.map((m) => m.handle) });
    this.#links.update({ conversation: id, links, admin, share, format });
    this.#links.hidden = ended !== '';
    this.#add.update(admin);
    this.#rename.update(admin);
    this.#renew.update(ended === '');
    const last = admin && others.length > 0 && !others.some((m) => m.role === 'admin');
    this.#leave.update(ended === '', {}, last ? t('ask.leave.last') : '');
  }

  #adds() {
    const handles = this.#people.take();
    if (handles === null || handles.length === 0) return;
    const args = { conversation: this.#conversation, handles };
    emit(this, { verb: 'change', op: 'addMembers', args, done: (refused) => (refused ? this.#people.refuse(refused) : this.#added()) });
  }

  #added() {
    this.#people.clear();
    this.#add.close();
  }

  #renames() {
    const name = this.#newName.value.trim();
    if (name !== '') this.#does(this.#rename, { op: 'rename', args: { conversation: this.#conversation, name } });
    else this.#newName.focus();
  }

  #leaves() {
    emit(this, { verb: 'close', kind: 'group' });
    this.#does(this.#leave, { op: 'leave', args: { conversation: this.#conversation } });
  }

  /**
   * @param {ReturnType<typeof createAsk>} ask
   * @param {{ op: 'renewKeys' | 'leave', args: { conversation: string } } | { op: 'rename', args: { conversation: string, name: string } }} change
   */
  #does(ask, change) {
    ask.close();
    emit(this, { verb: 'change', ...change });
  }
}

customElements.define('sotto-group', SottoGroup);
