// @ts-check
// The engine as the page sees it: calls and events, whichever tab runs it.

import { toHex } from '../core/hex.js';
import { Tabs } from './tabs.js';

/**
 * The only policy of the page: it lets through the address of our own worker
 * and nothing else.
 */
function workerURL() {
  const { trustedTypes } = /** @type {any} */ (window);
  if (!trustedTypes) return __WORKER_URL__;
  const policy = trustedTypes.createPolicy('sotto', {
    createScriptURL(/** @type {string} */ url) {
      if (url === __WORKER_URL__) return url;
      throw new TypeError('not the address of the worker');
    },
  });
  return policy.createScriptURL(__WORKER_URL__);
}

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
      spawn: () => new Worker(workerURL(), { type: 'module' }),
      place: { origin, url: `${origin.replace(/^http/, 'ws')}/ws` },
      tab: randomId(),
    },
    onEvent,
  );
}
