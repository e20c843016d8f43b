// @ts-check
// What is done to messages that are there: reactions and deletions.

/** @template {import('./model.js').Verb['verb']} K @typedef {import('./verbs.js').Of<K>} Of */

export class Acting {
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

  /** Adds a reaction, or takes the own one away. @param {Of<'react'>} verb */
  react({ conversation, entry, emoji }) {
    const { call, newId } = this.#app.ports;
    this.#app.looking.close('react');
    const on = !entry.reactions?.some((r) => r.own && r.emoji === emoji);
    return this.#asking.attempt(call('react', { conversation, entry: entry.id, emoji, on, id: newId() }));
  }

  /** @param {Of<'delete'>} verb */
  delete({ conversation, entry }) {
    const { call, newId } = this.#app.ports;
    this.#app.looking.close('delete');
    return this.#asking.attempt(call('delete', { conversation, entry: entry.id, id: newId() }));
  }
}
