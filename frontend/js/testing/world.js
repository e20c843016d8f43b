// @ts-check
// An application in front of the fake engine, for tests of the core.

import { App } from '../core/app.js';
import { DEFAULTS } from '../core/preferring.js';
import { parseRoute } from '../core/route.js';
import { activeConversation } from '../core/state.js';
import { FakeEngine } from './fake.js';
import { emptyStore } from './talk.js';

export const NOON = Date.parse('2026-03-10T12:00:00Z');

/** Lets all promises that can settle do so. */
export async function settled() {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

/** An application in front of a fake engine, with timers that run when told. */
export function world(store = emptyStore()) {
  /** @type {(() => void)[]} */
  const timers = [];
  let ids = 0;
  const engine = new FakeEngine(store, (event) => app.receive(event), () => NOON);
  /** @type {string[]} */
  const visited = [];
  /** @type {import('../core/attention.js').Note[]} */
  const told = [];
  /** What a page before left open. @type {import('../core/app.js').Handed[]} */
  const handed = [];
  /** Parts of files that were collected, and the names they were saved under. @type {(Uint8Array | string)[]} */
  const files = [];
  const app = new App(
    {
      call: (op, args) => engine.call(op, args),
      newId: () => String(ids++).padStart(32, '0'),
      later(_ms, fn) {
        timers.push(fn);
        return () => void timers.splice(timers.indexOf(fn), 1);
      },
      navigate(hash) {
        if (visited.at(-1) === hash) return; // as a browser does
        visited.push(hash);
        app.route(parseRoute(hash));
      },
      copy: () => Promise.resolve(),
      share: () => Promise.resolve(),
      reload() {},
      file: () => ({ add: (data) => void files.push(data), save: (name) => void files.push(name) }),
      erased: () => void files.push('erased'),
      build: 'one',
      handed: () => Promise.resolve(handed.splice(0)),
      builds: { look: () => Promise.resolve(), switch: () => Promise.resolve() },
      attention: { allow: () => Promise.resolve(true), sound() {}, tell: (note) => Promise.resolve(void told.push(note)), badge() {} },
      owns: () => true,
      remember: { joined() {}, prefer() {} },
    },
    { joined: false, preferences: DEFAULTS },
    () => {},
  );
  return {
    app, engine, visited, store, told, files, handed,
    line: () => app.state.timelines[activeConversation(app.state)?.id ?? ''],
    texts: () => app.state.timelines[activeConversation(app.state)?.id ?? '']?.entries.flatMap((e) => e.text ?? []) ?? [],
    async runTimers() {
      for (const fn of timers.splice(0)) fn();
      await settled();
    },
  };
}

/** Alice, who has joined at an address. @param {string} [hash] */
export async function joined(hash) {
  const w = world();
  if (hash) w.visited.push(hash);
  if (hash) w.app.route(parseRoute(hash));
  await w.app.boot();
  w.app.act({ verb: 'join', handle: 'alice' });
  await settled();
  return w;
}
