// @ts-check
// The demo's engine as its page sees it.

import { createLink } from '../io/link.js';

/** @typedef {import('./contract.js').DemoEvent} DemoEvent */

/** @typedef {{ inflate: (name: string) => Promise<ArrayBuffer>, workerURL: (url: string) => string }} Start what start.js leaves */

/** @returns {Start} */
export const start = () => /** @type {any} */ (window).sottoDemo;

/**
 * Starts the worker with the engine of this file.
 * @param {(event: DemoEvent) => void} onEvent
 * @returns {Promise<import('./contract.js').Call>}
 */
export async function startEngine(onEvent) {
  const { inflate, workerURL } = start();
  const [script, engine] = await Promise.all([inflate('worker'), inflate('engine')]);
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(workerURL(url));
  const link = createLink(worker, /** @type {any} */ (onEvent));
  worker.postMessage({ engine }, [engine]);
  return /** @type {any} */ (link.call);
}
