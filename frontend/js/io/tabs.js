// @ts-check
// Several tabs, one engine. The tab that holds the lock is the owner: it runs
// the worker and answers the calls of all tabs, which come over a channel; all
// tabs get all events. When the owner goes, the lock passes on: the next tab
// starts its worker and says so, and every tab sends again what was not
// answered. All operations may be repeated: reads and settings by nature, send
// by its id, join by looking whether it had been done.
//
// On the channel:
//   {kind: 'call', tab, build, id, op, args} a tab -> owner
//   {kind: 'answer', tab, id, ok | err}      owner -> that tab
//   {kind: 'event', event, tab?}             owner -> all tabs, or one
//   {kind: 'owner'}                          owner -> all: a new engine answers now

import { Owner } from './owner.js';

/** @typedef {import('../core/contract.js').EngineEvent} EngineEvent */

/**
 * @typedef {object} Browser
 * @property {{ request(name: string, hold: () => Promise<void>): Promise<unknown> }} locks
 * @property {{ postMessage(message: unknown): void, onmessage: ((event: MessageEvent) => void) | null }} channel
 * @property {() => import('./link.js').WorkerLike} spawn starts a worker
 * @property {{ origin: string, url: string }} place what the engine is told at boot
 * @property {string} tab names this tab among all
 * @property {string} build of the application: an engine works for its own build alone
 */

/** @typedef {{ op: string, args: object, answer: PromiseWithResolvers<any> }} Pending */

/** Calls with what a person has written. */
const WRITES = ['draft', 'send', 'edit'];

export class Tabs {
  #browser;
  #onEvent;
  /** Calls without an answer, by id. @type {Map<string, Pending>} */
  #pending = new Map();
  /** While this tab owns the engine. @type {Owner | null} */
  #owner = null;
  #next = 0;
  #booted = false;

  /**
   * @param {Browser} browser
   * @param {(event: EngineEvent) => void} onEvent
   */
  constructor(browser, onEvent) {
    this.#browser = browser;
    this.#onEvent = onEvent;
    browser.channel.onmessage = ({ data }) => this.#hear(data);
    browser.locks.request('sotto-owner', () => this.#own());
  }

  /** @type {import('../core/contract.js').Call} */
  call = (op, args) => {
    const id = String(this.#next++);
    const answer = Promise.withResolvers();
    this.#pending.set(id, { op, args, answer });
    this.#post(id);
    return answer.promise;
  };

  /** Whether this tab runs the engine. */
  get owns() {
    return this.#owner !== null;
  }

  /** What was written and no engine has answered for yet, oldest first: a page that goes away may take its engine along. */
  get unanswered() {
    return [...this.#pending.values()].flatMap(({ op, args }) => (WRITES.includes(op) ? { op, args } : []));
  }

  /** @param {string} id */
  #post(id) {
    const { tab, build, channel } = this.#browser;
    const { op, args } = /** @type {Pending} */ (this.#pending.get(id));
    if (this.#owner) void this.#owner.serve({ tab, build, id, op, args });
    else channel.postMessage({ kind: 'call', tab, build, id, op, args });
  }

  /** @param {any} message from the channel */
  #hear(message) {
    const { tab } = this.#browser;
    if (message.kind === 'call') void this.#owner?.serve(message);
    if (message.kind === 'owner') this.#ask();
    if (message.kind === 'answer' && message.tab === tab) this.#settle(message);
    if (message.kind === 'event' && (message.tab ?? tab) === tab) this.#onEvent(message.event);
  }

  /** A new engine answers: all that is open is asked again. */
  #ask() {
    for (const id of this.#pending.keys()) this.#post(id);
    if (this.#booted) this.#onEvent({ type: 'handover' });
  }

  /** @param {{ id: string, ok?: any, err?: unknown }} message */
  #settle({ id, ok, err }) {
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    if (err) call?.answer.reject(err);
    else call?.answer.resolve(ok);
    if (call?.op === 'boot' && !err) this.#booted = true;
  }

  /**
   * Owns the engine for as long as the lock is held. When the engine ends, the
   * lock is given up: another tab may take over, this one only follows until
   * it is loaded again, so that a fault cannot start engines for ever.
   * @returns {Promise<void>}
   */
  #own() {
    const { tab, channel } = this.#browser;
    const ended = Promise.withResolvers();
    this.#owner = new Owner(this.#browser, {
      answer: (message) => (message.tab === tab ? this.#settle(message) : channel.postMessage({ kind: 'answer', ...message })),
      event: (event, to) => {
        if ((to ?? tab) === tab) this.#onEvent(event);
        if (to !== tab) channel.postMessage({ kind: 'event', event, tab: to });
      },
      exit: () => {
        this.#owner = null;
        ended.resolve(undefined);
      },
    });
    channel.postMessage({ kind: 'owner' });
    this.#ask();
    return ended.promise;
  }
}
