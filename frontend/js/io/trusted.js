// @ts-check
// The only policy of the page: it lets through the addresses of our own
// scripts and nothing else.

/** Where the service worker's script stands: not under its hash, as browsers know it by its address. */
export const SERVICE_URL = '/sw.js';

/** @type {{ createScriptURL(url: string): any } | null} */
let policy = null;

/** @param {string} url */
function own(url) {
  if (url === __WORKER_URL__ || url === SERVICE_URL) return url;
  throw new TypeError(`not ours: ${url}`);
}

/** @param {string} url of the worker, or of the service worker */
export function scriptURL(url) {
  const { trustedTypes } = /** @type {any} */ (window);
  if (!trustedTypes) return own(url);
  policy ??= trustedTypes.createPolicy('sotto', { createScriptURL: own });
  return /** @type {NonNullable<typeof policy>} */ (policy).createScriptURL(url);
}
