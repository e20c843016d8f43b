// @ts-check
// The part of the address after #: #/ is the list, #/with/alice the
// conversation with whom that name stands for, #/talk/<id> one conversation by
// its id: a group, or one whose name has had several accounts. #/join/… is a
// link to a group; it holds a secret and never stays in the address.

import { isHandle, toHandle } from './handle.js';

/** @typedef {import('./model.js').Route} Route */

/** @type {Route} */
export const LIST = { with: null, talk: null };

/**
 * @param {string} hash as in location.hash
 * @returns {Route}
 */
export function parseRoute(hash) {
  const talk = /^#\/talk\/([0-9a-f]{32})\/?$/.exec(hash)?.[1];
  if (talk) return { with: null, talk };
  const name = /^#\/with\/([^/?#]+)\/?$/.exec(hash)?.[1];
  const handle = toHandle(decode(name ?? ''));
  return isHandle(handle) ? { with: handle, talk: null } : LIST;
}

/** @param {Partial<Route>} route */
export function hashOf({ with: handle, talk }) {
  if (talk) return `#/talk/${talk}`;
  return handle ? `#/with/${handle}` : '#/';
}

/**
 * The link to a group in an address, or in what was typed or pasted; null
 * where there is none.
 * @param {string} text
 */
export function roomLink(text) {
  return /^\S*#\/join\/\S+$/.test(text.trim()) ? text.trim() : null;
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
