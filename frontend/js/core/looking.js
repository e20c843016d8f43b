// @ts-check
// Looking closer: the dialogs, and what is asked for them.

import { codeOf } from './errors.js';

/** @typedef {import('./model.js').Dialog} Dialog */
/** @template {import('./model.js').Verb['verb']} K @typedef {import('./verbs.js').Of<K>} Of */

export class Looking {
  #app;

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {Dialog | null} dialog */
  open(dialog) {
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
