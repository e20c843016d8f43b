// @ts-check
// The part of the address after #. A link to a group holds a secret there: it
// leaves the address, and the tab's history with it, before anything else is
// done, and stays in memory.

import { parseRoute, roomLink } from '../core/route.js';

/**
 * @param {(route: import('../core/model.js').Route) => void} went
 * @param {(link: string) => void} followed a link to a group was opened
 */
export function watchAddress(went, followed) {
  addEventListener('hashchange', () => {
    const { hash, href } = location;
    if (!roomLink(hash)) return went(parseRoute(hash));
    history.replaceState(null, '', '#/');
    followed(href);
  });
}

/** The link to a group that the page was opened by, which assets/first.js took out of the address; once. */
export function takeLink() {
  const link = globalThis.sottoLink ?? null;
  delete globalThis.sottoLink;
  return link;
}
