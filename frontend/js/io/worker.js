// @ts-check
// The worker's script: loads the engine, checks that its bytes are the ones
// this build was made with, and runs it. Go's wasm_exec.js is bundled in front
// and defines Go.

import { toHex } from '../core/hex.js';
import { createHost } from './host.js';

const host = createHost(/** @type {import('./host.js').Port} */ (/** @type {unknown} */ (self)));
Object.assign(globalThis, { sottoHost: host });

/** @typedef {'fetch' | 'altered' | 'start'} Reason why there is no engine */

/**
 * Fetches and compiles at once; nothing runs before the hash was found right.
 * @returns {Promise<WebAssembly.Module>}
 */
async function load() {
  const response = await fetch(__WASM_URL__);
  if (!response.ok) throw new Error(`engine: status ${response.status}`);
  const bytes = response.clone().arrayBuffer();
  const compiled = WebAssembly.compileStreaming(response);
  compiled.catch(() => {}); // said only of bytes that are the right ones
  const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', await bytes)));
  if (hash !== __WASM_SHA256__) throw Object.assign(new Error('engine: hash differs'), { reason: 'altered' });
  return compiled;
}

/**
 * Runs the engine until it ends. The lock is held by the worker itself, not by
 * its page: a page may be gone while its worker still runs, and a second
 * engine beside it would use a ratchet twice.
 * @param {Promise<WebAssembly.Module>} module
 */
async function run(module) {
  /** @type {Reason} */
  let reason = 'fetch';
  try {
    const compiled = await module;
    reason = 'start';
    const go = new Go();
    const instance = await WebAssembly.instantiate(compiled, go.importObject);
    await go.run(instance);
    host.event({ type: 'exit' });
  } catch (err) {
    console.error(err);
    const told = /** @type {{ reason?: Reason }} */ (err).reason;
    host.event({ type: 'exit', reason: told ?? reason });
  }
}

const module = load();
module.catch(() => {}); // run reports it
navigator.locks.request('sotto-engine', () => run(module));
