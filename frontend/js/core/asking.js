// @ts-check
// Calls whose failure is said in passing.

import { codeOf } from './errors.js';

/** How long something said in passing stays. */
const TOAST_MS = 6000;

export class Asking {
  #app;

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.#app = app;
  }

  /**
   * Waits for a call; says why it was refused.
   * @param {Promise<unknown>} call
   */
  async attempt(call) {
    try {
      await call;
    } catch (err) {
      this.say(codeOf(err));
    }
  }

  /**
   * Says what went wrong, for a short while.
   * @param {string} code
   * @param {Record<string, string | number>} [params]
   */
  say(code, params = {}) {
    const app = this.#app;
    const toast = { code, params };
    app.dispatch({ type: 'toast', toast });
    app.ports.later(TOAST_MS, () => {
      if (app.state.toast === toast) app.dispatch({ type: 'toast', toast: null });
    });
  }
}
