// @ts-check
// Decides whether Sotto can run in a browser at all, from plain facts.

/**
 * @typedef {object} Facts
 * @property {boolean} secure the page came over https or from this machine
 * @property {boolean} cryptography crypto.subtle is there
 * @property {boolean} webAssembly
 * @property {boolean} indexedDB
 * @property {boolean} locks Web Locks, BroadcastChannel and workers
 */

/**
 * The code of the first thing that is missing, null when nothing is.
 * @param {Facts} facts
 */
export function missing(facts) {
  if (!facts.secure || !facts.cryptography) return 'insecure';
  if (!facts.webAssembly) return 'no-webassembly';
  if (!facts.indexedDB) return 'no-indexeddb';
  if (!facts.locks) return 'no-locks';
  return null;
}
