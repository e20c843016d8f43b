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
    if (this.#app.state.dialog?.kind === kind) this.open(null);
  }

  /** @param {Of<'contact'>} verb */
  async contact({ conversation }) {
    this.open({ kind: 'contact', conversation, contact: null, error: null, busy: false });
    await this.#readContact(conversation);
  }

  /** @param {string} id */
  async #readContact(id) {
    const app = this.#app;
    try {
      app.dispatch({ type: 'contact', id, contact: await app.ports.call('contact', { conversation: id }) });
    } catch (err) {
      app.dispatch({ type: 'dialog-failed', code: codeOf(err) });
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
    await this.#readContact(id);
    this.#app.dispatch({ type: 'dialog-busy', busy: false });
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
