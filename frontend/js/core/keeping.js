// @ts-check
// What others learn of this account, and all that this device keeps of it:
// taking it away in a file, and erasing it.

import { codeOf } from './errors.js';

/** @template {import('./model.js').Verb['verb']} K @typedef {import('./verbs.js').Of<K>} Of */

export class Keeping {
  #app;
  #asking;

  /**
   * @param {import('./app.js').App} app
   * @param {import('./asking.js').Asking} asking
   */
  constructor(app, asking) {
    this.#app = app;
    this.#asking = asking;
  }

  /** @param {Of<'choose'>} verb */
  async choose({ change }) {
    const app = this.#app;
    const { settings } = app.state;
    if (!settings) return;
    const next = { ...settings, ...change };
    app.dispatch({ type: 'settings', settings: next });
    try {
      await app.ports.call('choose', next);
    } catch (err) {
      this.#asking.say(codeOf(err));
      app.dispatch({ type: 'settings', settings: await app.ports.call('settings', {}) });
    }
  }

  /** Says what an export would hold. */
  async export() {
    this.#app.looking.open({ kind: 'export', exporting: null, saved: null, done: false, error: null });
    await this.#try(async () => this.#app.dispatch({ type: 'export', exporting: await this.#app.ports.call('export', {}) }));
  }

  /** Writes the file, part by part, while its dialog is open. */
  async save() {
    const { ports } = this.#app;
    const file = ports.file();
    let saved = 0;
    await this.#try(async () => {
      const { name } = await ports.call('export', {});
      for (let done = false; !done;) {
        if (this.#app.state.dialog?.kind !== 'export') return;
        const chunk = await ports.call('exportNext', {});
        file.add(chunk.data);
        saved += chunk.data.length;
        done = chunk.done;
        this.#app.dispatch({ type: 'export', saved, done });
      }
      file.save(name);
    });
  }

  /** Every tab hears when it is done. */
  async erase() {
    this.#app.dispatch({ type: 'dialog-busy', busy: true });
    await this.#try(() => this.#app.ports.call('erase', {}));
  }

  /** @param {() => Promise<unknown>} act */
  async #try(act) {
    try {
      await act();
    } catch (err) {
      this.#app.dispatch({ type: 'dialog-failed', code: codeOf(err) });
    }
  }
}
