// @ts-check
// A browser profile for tests of tabs: one lock, one channel, one store, and
// workers with the fake engine that can be killed.

import { createHost } from '../io/host.js';
import { Tabs } from '../io/tabs.js';
import { FakeEngine } from './fake.js';
import { emptyStore } from './talk.js';

/** @typedef {{ onmessage: ((event: any) => void) | null }} End of the channel */

/** A worker in the same thread. */
class LocalWorker {
  /** @type {((event: any) => void) | null} */
  onmessage = null;
  onerror = null;
  dead = false;
  #listener = (/** @type {any} */ _event) => {};

  /** @param {Profile} profile */
  constructor(profile) {
    const host = createHost({
      postMessage: (data) => this.dead || profile.deaf || this.onmessage?.({ data: structuredClone(data) }),
      addEventListener: (_type, fn) => (this.#listener = fn),
    });
    const engine = new FakeEngine(profile.store, (event) => host.event(event), () => 0);
    profile.engines.push(engine);
    host.ready((op, args) => engine.call(op, args));
  }

  /** @param {unknown} data */
  postMessage(data) {
    if (!this.dead) this.#listener({ data: structuredClone(data) });
  }

  terminate() {
    this.dead = true;
  }
}

export class Profile {
  store = emptyStore();
  /** Every engine that was started. @type {FakeEngine[]} */
  engines = [];
  /** Messages from workers to their pages are lost while this is set. */
  deaf = false;
  /** @type {Map<string, End>} */
  ends = new Map();
  /** @type {(() => Promise<unknown>)[]} */
  #queue = [];
  #held = false;

  /** Asks for the lock. @param {() => Promise<unknown>} hold */
  request(hold) {
    this.#queue.push(hold);
    void this.#grant();
    return Promise.resolve();
  }

  async #grant() {
    const hold = this.#held ? undefined : this.#queue.shift();
    if (!hold) return;
    this.#held = true;
    await hold();
    this.#held = false;
    await this.#grant();
  }

  /** @param {string} name @param {string} [build] */
  tab(name, build = 'one') {
    return new Tab(this, name, build);
  }
}

class Tab {
  /** What it was told. @type {any[]} */
  events = [];
  /** @type {LocalWorker[]} */
  #workers = [];
  #killed = Promise.withResolvers();
  #profile;
  #name;

  /** @param {Profile} profile @param {string} name @param {string} build */
  constructor(profile, name, build) {
    this.#profile = profile;
    this.#name = name;
    const channel = { onmessage: null, postMessage: (/** @type {unknown} */ data) => this.#broadcast(data) };
    profile.ends.set(name, channel);
    const tabs = new Tabs(
      {
        locks: { request: (_name, hold) => profile.request(() => Promise.race([hold(), this.#killed.promise])) },
        channel,
        tab: name,
        build,
        place: { origin: 'https://x.example', url: 'wss://x.example/ws' },
        spawn: () => this.#spawn(),
      },
      (event) => this.events.push(event),
    );
    this.call = tabs.call;
  }

  #spawn() {
    const worker = new LocalWorker(this.#profile);
    this.#workers.push(worker);
    return worker;
  }

  /** @param {unknown} data */
  #broadcast(data) {
    const { ends } = this.#profile;
    if (!ends.has(this.#name)) return;
    for (const [name, end] of ends) if (name !== this.#name) end.onmessage?.({ data: structuredClone(data) });
  }

  types() {
    return this.events.map((e) => e.type);
  }

  owner() {
    return this.#workers.length > 0;
  }

  /** The tab is closed: its worker, its lock and its end of the channel go. */
  kill() {
    for (const worker of this.#workers) worker.dead = true;
    this.#profile.ends.delete(this.#name);
    this.#killed.resolve(undefined);
  }
}
