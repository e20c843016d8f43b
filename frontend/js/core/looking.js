// @ts-check
// Looking closer: the dialogs, and what is asked for them.

import { codeOf } from './errors.js';

/** @typedef {import('./model.js').Dialog} Dialog */
/** @template {import('./model.js').Verb['verb']} K @typedef {import('./verbs.js').Of<K>} Of */

/** Messages asked of a search. */
const MOST = 50;

/** While older messages are still being taken into the index, a search is asked again. */
const AGAIN_MS = 1000;

export class Looking {
  #app;
  /** Counts searches. */
  #asked = 0;

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {Dialog | null} dialog */
  open(dialog) {
    this.#asked++;
    if (this.#app.state.found) this.#app.dispatch({ type: 'found', found: null });
    this.#app.dispatch({ type: 'dialog', dialog });
  }

  /** @param {Dialog['kind']} kind of the dialog that the person closed */
  close(kind) {
    const { dialog } = this.#app.state;
    if (dialog?.kind !== kind) return;
    this.open(dialog.kind === 'contact' && dialog.back ? { kind: 'group', conversation: dialog.conversation } : null);
  }

  /** @param {Of<'group'>} verb */
  async group({ conversation }) {
    this.open({ kind: 'group', conversation });
    await this.refresh(conversation);
  }

  /** @param {Of<'contact'>} verb */
  async contact({ conversation, account = '' }) {
    const back = this.#app.state.dialog?.kind === 'group';
    this.open({ kind: 'contact', conversation, account, back, contact: null, error: null, busy: false });
    await this.refresh(conversation);
  }

  /**
   * Reads again what an open dialog shows of a conversation.
   * @param {string} id
   */
  async refresh(id) {
    const { dialog } = this.#app.state;
    if (!dialog || !('conversation' in dialog) || dialog.conversation !== id) return;
    if (dialog.kind === 'group' || dialog.kind === 'contact' && dialog.account) await this.#readGroup(id);
    if (dialog.kind === 'contact') await this.#readContact(id, dialog.account);
  }

  /** @param {string} id */
  async #readGroup(id) {
    const { ports } = this.#app;
    try {
      const [members, links] = await Promise.all([ports.call('members', { conversation: id }), ports.call('links', { conversation: id })]);
      this.#app.dispatch({ type: 'group', id, group: { members, links } });
    } catch {
      // what was known of it stays
    }
  }

  /** @param {string} id @param {string} account of a member, or empty */
  async #readContact(id, account) {
    const { ports } = this.#app;
    try {
      const contact = await (account ? ports.call('member', { conversation: id, account }) : ports.call('contact', { conversation: id }));
      this.#app.dispatch({ type: 'contact', id, account, contact });
    } catch (err) {
      this.#app.dispatch({ type: 'dialog-failed', code: codeOf(err) });
    }
  }

  /**
   * Waits for a decision about a contact to take effect.
   * @param {string} id of its conversation
   * @param {Promise<void>} change
   */
  async decide(id, change) {
    this.#app.dispatch({ type: 'dialog-busy', busy: true });
    await change;
    await this.refresh(id);
    this.#app.dispatch({ type: 'dialog-busy', busy: false });
  }

  /**
   * Notes whether the numbers were compared with who the open panel is about.
   * @param {Of<'verify'>} verb
   */
  verify({ conversation, verified }) {
    const { ports, state } = this.#app;
    const account = state.dialog?.kind === 'contact' ? state.dialog.account : '';
    return account ? ports.call('verifyMember', { conversation, account, verified }) : ports.call('verify', { conversation, verified });
  }

  /**
   * What one message said before, and who has received and read it.
   * @param {Of<'details'>} verb
   */
  async details({ conversation, entry }) {
    const app = this.#app;
    this.open({ kind: 'details', conversation, entry, versions: [], told: null, error: null });
    try {
      const [versions, told] = await Promise.all([
        entry.edited ? app.ports.call('versions', { conversation, id: entry.id }) : [],
        entry.own && entry.position !== null ? app.ports.call('told', { conversation, id: entry.id }) : null,
      ]);
      app.dispatch({ type: 'details', entry: entry.id, versions, told });
    } catch (err) {
      if (app.state.dialog?.kind === 'details') app.dispatch({ type: 'dialog-failed', code: codeOf(err) });
    }
  }

  /**
   * Searches as one types: an answer to an old question is not shown.
   * @param {Of<'search'>} verb
   */
  async search({ query, within }) {
    const app = this.#app;
    const asked = ++this.#asked;
    if (query === '') return app.dispatch({ type: 'found', found: null });
    try {
      const found = await app.ports.call('search', { query, conversation: within, limit: MOST });
      if (asked !== this.#asked || app.state.dialog?.kind !== 'switch') return;
      app.dispatch({ type: 'found', found: { query, found } });
      if (found.building) app.ports.later(AGAIN_MS, () => asked === this.#asked && void this.search({ verb: 'search', query, within }));
    } catch {
      if (asked === this.#asked) app.dispatch({ type: 'found', found: { query, found: null } });
    }
  }

  /** @param {Of<'inspect'>} verb */
  async inspect({ conversation, entry }) {
    const app = this.#app;
    this.open({ kind: 'inspect', conversation, entry, inspection: null, error: null });
    try {
      const inspection = await app.ports.call('inspect', { conversation, id: entry.id });
      app.dispatch({ type: 'inspected', entry: entry.id, inspection });
    } catch (err) {
      if (app.state.dialog?.kind === 'inspect') app.dispatch({ type: 'dialog-failed', code: codeOf(err) });
    }
  }
}
