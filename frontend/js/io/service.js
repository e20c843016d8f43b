// @ts-check
// The service worker: keeps whole builds of the application and serves one of
// them, with and without a network. A build is kept under its name, each file
// checked against the hash it was packed with, the page last: where the page
// is, all is. Of the builds kept the oldest is served, until the person asks
// to switch: the script of a newer build only brings that build along, whatever
// it takes over. Nothing but the application's files is ever kept.
//
// A page asks, and is told in answer and whenever a build has been fetched:
//   'builds'              -> {current, next}: the build served, and one that waits or null
//   'switch'              -> serves the newest; all pages are told {switched}
//   {calls}               what a page that goes away leaves open, held in memory alone
//   'handed'              -> that, for the page that comes next

import { toHex } from '../core/hex.js';

const scope = /** @type {any} */ (globalThis);
const PREFIX = 'sotto-';
const PAGE = '/';
const NAME = PREFIX + __BUILD__;

/** What pages that went away left open, in order. @type {unknown[]} */
const handed = [];

/** The integrity of each file by its address, which begins with the same hash in hex. */
const files = new Map(__FILES__.map((file) => {
  const [sum = '', name] = file.split(' ');
  const bytes = Uint8Array.from(atob(sum).slice(0, 10), (c) => c.charCodeAt(0));
  return [name ? `/a/${toHex(bytes)}/${name}` : PAGE, `sha256-${sum}`];
}));

/**
 * Fetches a file and keeps it, if it is the one that was packed.
 * @param {Cache} cache
 * @param {string} url
 */
async function keep(cache, url) {
  const kept = url === PAGE ? undefined : await caches.match(url);
  const fetched = kept ?? (await fetch(new Request(url, { integrity: files.get(url) ?? '', cache: url === PAGE ? 'no-cache' : 'default' })));
  if (!fetched.ok) throw new Error(`${url}: status ${fetched.status}`);
  await cache.put(url, fetched);
}

/** The builds that are whole, oldest first. */
async function whole() {
  /** @type {string[]} */
  const names = [];
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && (await caches.match(PAGE, { cacheName: name }))) names.push(name);
  }
  return names;
}

async function install() {
  if (!(await whole()).includes(NAME)) {
    const cache = await caches.open(NAME);
    try {
      await Promise.all([...files.keys()].filter((url) => url !== PAGE).map((url) => keep(cache, url)));
      await keep(cache, PAGE);
    } catch (err) {
      await caches.delete(NAME);
      throw err;
    }
  }
  const [current] = await whole();
  for (const name of await caches.keys()) if (name !== current && name !== NAME) await caches.delete(name);
  await scope.skipWaiting();
}

/** @returns {Promise<import('./builds.js').Builds>} */
async function builds() {
  const names = (await whole()).map((name) => name.slice(PREFIX.length));
  return { current: names[0] ?? null, next: names.length > 1 ? (names.at(-1) ?? null) : null };
}

/** @param {unknown} message */
async function tell(message) {
  for (const page of await scope.clients.matchAll({ includeUncontrolled: true })) page.postMessage(message);
}

/** @param {string | { calls: unknown[] }} asked @param {MessagePort | undefined} port */
async function hear(asked, port) {
  if (typeof asked === 'object') return void handed.push(...asked.calls);
  if (asked === 'handed') return port?.postMessage(handed.splice(0));
  if (asked === 'switch') {
    for (const name of (await whole()).slice(0, -1)) await caches.delete(name);
    await tell({ switched: true });
  }
  port?.postMessage(await builds());
}

/** @param {Request} request @param {string} path */
async function answer(request, path) {
  const cacheName = path === PAGE ? (await whole())[0] : undefined;
  const kept = path === PAGE && !cacheName ? undefined : await caches.match(path, { cacheName, ignoreVary: true });
  return kept ?? fetch(request);
}

/** A notification was pressed. @param {string} hash where it leads */
async function open(hash) {
  const [page] = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!page) return scope.clients.openWindow(`/${hash}`);
  page.postMessage({ open: hash });
  return page.focus();
}

scope.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()));
scope.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(scope.clients.claim().then(async () => tell({ builds: await builds() }))));
scope.addEventListener('message', (/** @type {any} */ event) => event.waitUntil(hear(event.data, event.ports[0])));
scope.addEventListener('notificationclick', (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.hash));
});
scope.addEventListener('fetch', (/** @type {any} */ event) => {
  const { origin, pathname } = new URL(event.request.url);
  const ours = event.request.mode === 'navigate' ? pathname === PAGE : files.has(pathname) || pathname.startsWith('/a/');
  if (origin === location.origin && ours) event.respondWith(answer(event.request, pathname));
});
