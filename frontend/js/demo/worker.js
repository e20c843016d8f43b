// @ts-check
// Runs the demo's engine. It comes from the page, which has it from its own
// file; nothing runs before the hash was found right.

import { toHex } from '../core/hex.js';
import { createHost } from '../io/host.js';

const port = /** @type {import('../io/host.js').Port} */ (/** @type {unknown} */ (self));
const host = createHost(port);
Object.assign(globalThis, { sottoHost: { ...host, ready: (/** @type {any} */ call) => { host.ready(call); host.event({ type: 'ready' }); } } });

/** @param {ArrayBuffer} engine */
async function run(engine) {
  let reason = 'start';
  try {
    // Without crypto.subtle there is nothing to hash with; the page says that it is missing.
    const hash = crypto.subtle ? toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', engine))) : __DEMO_SHA256__;
    if (hash !== __DEMO_SHA256__) {
      reason = 'altered';
      throw new Error('engine: hash differs');
    }
    const go = new Go();
    const { instance } = await WebAssembly.instantiate(engine, go.importObject);
    await go.run(instance);
    host.event({ type: 'exit' });
  } catch (err) {
    console.error(err);
    host.event({ type: 'exit', reason });
  }
}

// The first message is the engine; what comes after is calls, which the host answers.
self.addEventListener('message', (event) => void run(event.data.engine), { once: true });
