// @ts-check
// What this browser offers.

/** @returns {import('../core/environment.js').Facts} */
export function facts() {
  return {
    secure: isSecureContext,
    cryptography: globalThis.crypto?.subtle !== undefined,
    webAssembly: typeof WebAssembly === 'object' && typeof WebAssembly.compileStreaming === 'function',
    indexedDB: !!globalThis.indexedDB,
    locks: 'locks' in navigator && 'BroadcastChannel' in globalThis && 'Worker' in globalThis,
  };
}
