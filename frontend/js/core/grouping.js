// @ts-check
// Groups: making them, changing them, and coming in by their links.

import { codeOf } from './errors.js';
import { hashOf } from './route.js';

/** @typedef {import('./model.js').Done} Done */
/** @template {import('./model.js').Verb['verb']} K @typedef {import('./verbs.js').Of<K>} Of */

export class Grouping {
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

  /** @param {Of<'create'>} verb */
  async create({ name, handles, done }) {
    const made = await this.#ask(this.#app.ports.call('createGroup', { name, handles }), done);
    if (!made) return;
    this.#app.dispatch({ type: 'conversation', conversation: made });
    this.#app.ports.navigate(hashOf({ talk: made.id }));
  }

  /** @param {Of<'change'>} verb */
  async change({ op, args, done }) {
    const call = /** @type {Promise<object>} */ (this.#app.ports.call(op, /** @type {any} */ (args)));
    if (await this.#ask(call, done)) await this.#app.looking.refresh(args.conversation);
  }

  /**
   * @template T
   * @param {Promise<T>} call
   * @param {Done} [done]
   * @returns {Promise<T | null>} null where it was refused
   */
  async #ask(call, done) {
    try {
      const answer = await call;
      done?.(null);
      return answer;
    } catch (err) {
      const code = codeOf(err);
      if (done) done({ code, message: String(/** @type {{ message?: unknown } | null} */ (err)?.message ?? '') });
      else this.#asking.say(code);
      return null;
    }
  }
}
