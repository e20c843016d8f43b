// @ts-check
// Coming in, and going to someone.

import { codeOf } from './errors.js';
import { isHandle } from './handle.js';
import { handleFrom, hashOf, roomLink } from './route.js';
import { activeConversation, placeOf, sortedConversations, standsFor } from './state.js';

/** @template {import('./model.js').Verb['verb']} K @typedef {import('./verbs.js').Of<K>} Of */

export class Joining {
  #app;

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {Of<'join'>} verb */
  async join({ handle }) {
    const app = this.#app;
    if (app.state.join.busy) return;
    if (!isHandle(handle)) return app.dispatch({ type: 'join-failed', code: 'handle-invalid' });
    app.dispatch({ type: 'joining' });
    try {
      const me = await app.ports.call('join', { handle });
      app.dispatch({ type: 'joined', me });
      app.ports.remember.joined(true);
    } catch (err) {
      return app.dispatch({ type: 'join-failed', code: codeOf(err) });
    }
    await app.welcome();
  }

  /** @param {Of<'go'>} verb */
  go({ route }) {
    this.#app.leadTo(route);
  }

  /** To the next conversation of the list, or the one before; from none to the first or last. @param {Of<'step'>} verb */
  step({ by }) {
    const { ports, state } = this.#app;
    const all = sortedConversations(state);
    const at = all.findIndex((c) => c.id === activeConversation(state)?.id);
    const next = all.at(at < 0 ? (by > 0 ? 0 : -1) : (at + by) % all.length);
    if (next) ports.navigate(hashOf(placeOf(state, next).route));
  }

  /** @param {Of<'seek'>} verb */
  seek({ typed }) {
    const { ports, state } = this.#app;
    const link = roomLink(typed);
    if (link) return this.#app.follow(link);
    const handle = handleFrom(typed);
    if (!isHandle(handle)) return;
    // A name that is known is looked up as well: it may stand for another account by now.
    if (standsFor(state.conversations, handle)) this.#app.tell('open', { handle });
    ports.navigate(hashOf({ with: handle }));
  }

  /**
   * Accepts what stopped a conversation, and goes to the one that takes its place.
   * @param {string} conversation
   */
  async accept(conversation) {
    const app = this.#app;
    const accepted = await app.ports.call('accept', { conversation });
    app.dispatch({ type: 'conversation', conversation: accepted });
    if (accepted.id === conversation) return;
    app.dispatch({ type: 'dialog', dialog: null });
    app.ports.navigate(hashOf(placeOf(app.state, accepted).route));
    await app.arrive();
  }
}
