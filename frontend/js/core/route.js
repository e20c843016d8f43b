// @ts-check
// The part of the address after #: #/ is the list, #/with/alice the
// conversation with alice.

import { isHandle, toHandle } from './handle.js';

/** @typedef {{ with: string | null }} Route */

/**
 * @param {string} hash as in location.hash
 * @returns {Route}
 */
export function parseRoute(hash) {
  const found = /^#\/with\/([^/?#]+)\/?$/.exec(hash);
  if (!found) return { with: null };
  const handle = toHandle(decode(found[1] ?? ''));
  return { with: isHandle(handle) ? handle : null };
}

/** @param {string | null} handle */
export function hashFor(handle) {
  return handle === null ? '#/' : `#/with/${handle}`;
}

/**
 * The handle that a person means: a name, or a whole invite link that was
 * pasted where a name was asked for.
 * @param {string} typed
 */
export function handleFrom(typed) {
  const at = typed.indexOf('#/with/');
  return at < 0 ? toHandle(typed) : (parseRoute(typed.slice(at).trim()).with ?? '');
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
