// @ts-check
// What the fake engine does with everything that is kept on the device.

import { search } from './said.js';

/** @typedef {import('../core/contract.js').EngineEvent} EngineEvent */
/** @typedef {import('../core/contract.js').Settings} Settings */
/** @typedef {import('./talk.js').Store} Store */

/** @type {Settings} */
export const firstSettings = { receipts: true, typing: true, presence: false };

/**
 * @param {Store} store
 * @param {(event: EngineEvent) => void} event
 * @param {() => number} now
 */
export function deviceOperations(store, event, now) {
  /** @type {Uint8Array[]} */
  let parts = [];
  return {
    typing: () => ({}),
    here: () => ({}),
    settings: () => store.settings,
    choose: (/** @type {Settings} */ settings) => {
      store.settings = settings;
      event({ type: 'settings', settings });
      return {};
    },
    search: (/** @type {Parameters<typeof search>[1]} */ args) => search(Object.values(store.talks), args),
    export: () => {
      const { parts: all, exporting } = exported(store, now());
      parts = all;
      return exporting;
    },
    exportNext: () => {
      const data = parts.shift();
      if (!data) throw { code: 'not-found', message: 'no export' };
      return { data, done: parts.length === 0 };
    },
    erase: () => {
      Object.assign(store, { me: null, talks: {}, settings: { ...firstSettings } });
      event({ type: 'erased' });
      return {};
    },
  };
}

/**
 * An export in two parts.
 * @param {Store} store
 * @param {number} now
 */
function exported(store, now) {
  const talks = Object.values(store.talks);
  const whole = new TextEncoder().encode(JSON.stringify({ format: 'sotto-export/1', me: store.me, conversations: talks }));
  const count = (/** @type {string} */ name, /** @type {number} */ n) => ({ name, count: n });
  const exporting = {
    name: `sotto-${store.me?.handle}-${new Date(now).toISOString().slice(0, 10)}.json`,
    holds: [
      count('account', 1), count('settings', 1), count('contacts', talks.length), count('conversations', talks.length),
      count('entries', talks.reduce((n, t) => n + t.entries.length, 0)), count('waiting', 0),
    ],
    misses: [count('keys', -1), count('unopened', -1), count('server', -1)],
  };
  return { parts: [whole.slice(0, 100), whole.slice(100)], exporting };
}
