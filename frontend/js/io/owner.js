// @ts-check
// The part of the tab that owns the engine: its worker, the calls of all tabs,
// and what newcomers must be told.

import { createLink } from './link.js';

/** @typedef {import('../core/contract.js').EngineEvent} EngineEvent */
/** @typedef {import('../core/contract.js').Boot} Boot */
/** @typedef {import('../core/contract.js').Me} Me */
/** @typedef {{ tab: string, build: string, id: string, op: string, args: any }} Asked a call of a tab */

/**
 * Where answers and events go.
 * @typedef {object} Out
 * @property {(message: { tab: string, id: string, ok?: unknown, err?: unknown }) => void} answer
 * @property {(event: EngineEvent, to?: string) => void} event to all tabs, or one
 * @property {() => void} exit the engine has ended
 */

/** Events that say how things stand, until the next of their type. */
const LASTING = new Set(['connection', 'clock', 'storage', 'alarm']);

export class Owner {
  #out;
  #build;
  #link;
  #first;
  /** @type {Me | null} */
  #me = null;
  /** The newest of each lasting event. @type {Map<string, EngineEvent>} */
  #lasting = new Map();
  /** Calls at work, by tab and id: asked twice, done once. @type {Set<string>} */
  #working = new Set();

  /**
   * @param {Pick<import('./tabs.js').Browser, 'spawn' | 'place' | 'build'>} browser
   * @param {Out} out
   */
  constructor({ spawn, place, build }, out) {
    this.#out = out;
    this.#build = build;
    this.#link = createLink(spawn(), (event) => this.#hear(event));
    this.#first = this.#start(place);
    this.#first.catch(() => {}); // each tab's own boot is told
  }

  /**
   * @param {object} place
   * @returns {Promise<Boot>}
   */
  async #start(place) {
    const boot = /** @type {Boot} */ (await this.#link.call('boot', place));
    this.#me = boot.me;
    return boot;
  }

  /** @param {EngineEvent} event */
  #hear(event) {
    if (LASTING.has(event.type)) this.#lasting.set(event.type, event);
    if (event.type === 'erased') this.#me = null;
    this.#out.event(event);
    if (event.type !== 'exit') return;
    this.#link.close();
    this.#out.exit();
  }

  /** @param {Asked} asked */
  async serve(asked) {
    const { tab, id } = asked;
    const key = `${tab} ${id}`;
    if (this.#working.has(key)) return;
    this.#working.add(key);
    try {
      this.#out.answer({ tab, id, ok: await this.#work(asked) });
    } catch (err) {
      this.#out.answer({ tab, id, err });
    }
    this.#working.delete(key);
  }

  /** @param {Asked} asked @returns {Promise<unknown>} */
  #work({ tab, build, op, args }) {
    if (build !== this.#build) return Promise.reject({ code: 'other-build', message: this.#build });
    if (op === 'boot') return this.#boot(tab);
    if (op === 'join') return this.#join(args);
    return this.#link.call(op, args);
  }

  /**
   * The engine boots once; every tab is told how things stand now.
   * @param {string} tab
   * @returns {Promise<Boot>}
   */
  async #boot(tab) {
    const { connection } = await this.#first;
    const me = this.#me;
    const conversations = me ? /** @type {Boot['conversations']} */ (await this.#link.call('conversations', {})) : [];
    for (const event of this.#lasting.values()) if (event.type !== 'connection') this.#out.event(event, tab);
    const now = this.#lasting.get('connection');
    return { me, conversations, connection: now?.type === 'connection' ? now : connection };
  }

  /** @param {{ handle: string }} args */
  async #join(args) {
    await this.#first;
    if (this.#me?.handle === args.handle) return this.#me; // done before an owner went
    this.#me = /** @type {Me} */ (await this.#link.call('join', args));
    return this.#me;
  }
}
