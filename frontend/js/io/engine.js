// @ts-check
// The engine as the page sees it: calls and events, whichever tab runs it.

import { toHex } from '../core/hex.js';
import { Tabs } from './tabs.js';
import { scriptURL } from './trusted.js';

/** @returns {string} 16 random bytes in hex */
export function randomId() {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}

/** @param {(event: import('../core/contract.js').EngineEvent) => void} onEvent */
export function createEngine(onEvent) {
  const { origin } = location;
  // A page that comes back from the browser's cache has lost its lock and channel.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  return new Tabs(
    {
      locks: navigator.locks,
      channel: new BroadcastChannel('sotto'),
      spawn: () => new Worker(scriptURL(__WORKER_URL__), { type: 'module' }),
      place: { origin, url: `${origin.replace(/^http/, 'ws')}/ws` },
      tab: randomId(),
      build: __BUILD__,
    },
    onEvent,
  );
}
