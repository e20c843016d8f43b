// @ts-check
// Several tabs, one engine. The tab that holds the lock is the owner: it runs
// the worker and answers the calls of all tabs, which come over a channel; all
// tabs get all events. When the owner goes, the lock passes on: the next tab
// starts its worker and says so, and every tab sends again what was not
// answered. All operations may be repeated: reads and settings by nature, send
// by its id, join by looking whether it had been done.
//
// On the channel:
//   {kind: 'call', tab, id, op, args}        a tab -> owner
//   {kind: 'answer', tab, id, ok | err}      owner -> that tab
//   {kind: 'event', event, tab?}             owner -> all tabs, or one
//   {kind: 'owner'}                          owner -> all: a new engine answers now

import { createLink } from './link.js';

/** @typedef {import('../core/contract.js').EngineEvent} EngineEvent */
/** @typedef {import('../core/contract.js').Boot} Boot */
/** @typedef {import('../core/contract.js').Me} Me */
/** @typedef {import('./link.js').Link} Link */

/**
 * @typedef {object} Browser
 * @property {{ request(name: string, hold: () => Promise<void>): Promise<unknown> }} locks
 * @property {{ postMessage(message: unknown): void, onmessage: ((event: MessageEvent) => void) | null }} channel
 * @property {() => import('./link.js').WorkerLike} spawn starts a worker
 * @property {{ origin: string, url: string }} place what the engine is told at boot
 * @property {string} tab names this tab among all
 */

/** @typedef {{ op: string, args: object, answer: PromiseWithResolvers<any> }} Pending */

/**
 * @param {Browser} browser
 * @param {(event: EngineEvent) => void} onEvent
 */
export function createTabs(browser, onEvent) {
  const { channel, tab } = browser;
  /** @type {Map<string, Pending>} */
  const pending = new Map();
  /** @type {ReturnType<typeof createOwner> | null} */
  let owner = null;
  let next = 0;
  let booted = false;

  /** @param {string} id */
  function post(id) {
    const { op, args } = /** @type {Pending} */ (pending.get(id));
    if (owner) owner.serve({ tab, id, op, args });
    else channel.postMessage({ kind: 'call', tab, id, op, args });
  }

  /** A new engine answers: all that is open is asked again. */
  function ask() {
    for (const id of pending.keys()) post(id);
    if (booted) onEvent({ type: 'handover' });
  }

  /** @param {{ id: string, ok?: any, err?: object }} message */
  function settle({ id, ok, err }) {
    const call = pending.get(id);
    pending.delete(id);
    if (err) call?.answer.reject(err);
    else call?.answer.resolve(ok);
    if (call?.op === 'boot' && !err) booted = true;
  }

  channel.onmessage = ({ data }) => {
    if (data.kind === 'call') owner?.serve(data);
    if (data.kind === 'owner') ask();
    if (data.kind === 'answer' && data.tab === tab) settle(data);
    if (data.kind === 'event' && (data.tab ?? tab) === tab) onEvent(data.event);
  };

  browser.locks.request('sotto-owner', () => {
    const done = Promise.withResolvers();
    owner = createOwner(browser, {
      /** @param {any} message */
      post(message) {
        if (message.tab === tab) settle(message);
        else channel.postMessage({ kind: 'answer', ...message });
      },
      /** @param {EngineEvent} event @param {string} [to] */
      event(event, to) {
        if ((to ?? tab) === tab) onEvent(event);
        if (to !== tab) channel.postMessage({ kind: 'event', event, tab: to });
      },
      // The engine has ended: another tab may take over, this one only follows
      // until it is loaded again, so that a fault cannot start engines for ever.
      exit() {
        owner = null;
        done.resolve(undefined);
      },
    });
    channel.postMessage({ kind: 'owner' });
    ask();
    return done.promise;
  });

  return {
    /** @type {import('../core/contract.js').Call} */
    call(op, args) {
      const id = String(next++);
      const answer = Promise.withResolvers();
      pending.set(id, { op, args, answer });
      post(id);
      return answer.promise;
    },
  };
}

/** @typedef {{ tab: string, id: string, op: string, args: any }} Served */

/**
 * @typedef {object} Out
 * @property {(message: { tab: string, id: string, ok?: unknown, err?: unknown }) => void} post
 * @property {(event: EngineEvent, to?: string) => void} event
 * @property {() => void} exit
 */

/**
 * The owner's part: its worker, and what newcomers must be told.
 * @param {Browser} browser
 * @param {Out} out
 */
function createOwner(browser, out) {
  /** @type {Map<string, EngineEvent>} the newest of each lasting event */
  const lasting = new Map();
  /** @type {Set<string>} calls at work, by tab and id: asked twice, done once */
  const working = new Set();
  /** @type {Me | null} */
  let me = null;

  const link = createLink(browser.spawn(), (event) => {
    if (['connection', 'clock', 'storage', 'alarm'].includes(event.type)) lasting.set(event.type, event);
    out.event(event);
    if (event.type !== 'exit') return;
    link.close();
    out.exit();
  });
  const first = link.call('boot', browser.place).then((answer) => {
    const boot = /** @type {Boot} */ (answer);
    me = boot.me;
    return boot;
  });
  first.catch(() => {}); // each tab's own boot is told

  /**
   * The engine boots once; every tab is told how things stand now.
   * @param {string} tab
   * @returns {Promise<Boot>}
   */
  async function boot(tab) {
    const { connection } = await first;
    const conversations = me ? /** @type {Boot['conversations']} */ (await link.call('conversations', {})) : [];
    for (const event of lasting.values()) if (event.type !== 'connection') out.event(event, tab);
    const now = lasting.get('connection');
    return { me, conversations, connection: now?.type === 'connection' ? now : connection };
  }

  /** @param {{ handle: string }} args */
  async function join(args) {
    await first;
    if (me?.handle === args.handle) return me; // done before an owner went
    me = /** @type {Me} */ (await link.call('join', args));
    return me;
  }

  /** @param {Served} call */
  async function work({ tab, op, args }) {
    if (op === 'boot') return boot(tab);
    if (op === 'join') return join(args);
    return link.call(op, args);
  }

  return {
    /** @param {Served} call */
    async serve(call) {
      const { tab, id } = call;
      const key = `${tab} ${id}`;
      if (working.has(key)) return;
      working.add(key);
      try {
        out.post({ tab, id, ok: await work(call) });
      } catch (err) {
        out.post({ tab, id, err });
      }
      working.delete(key);
    },
  };
}
