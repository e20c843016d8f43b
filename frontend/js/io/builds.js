// @ts-check
// Which build of the application runs, which one the server has, and the way
// from one to the other.

import { SERVICE_URL, scriptURL } from './trusted.js';

/** @typedef {{ current: string | null, next: string | null }} Builds as the service worker tells: the one served, one that waits */
/** @typedef {(next: string) => void} Found */

/** A service worker that says nothing for so long holds up no start. */
const SILENT_MS = 1000;

/**
 * @param {Found} found another build is there, to be switched to
 * @param {(hash: string) => void} open a notification was pressed
 */
export function createBuilds(found, open) {
  const { serviceWorker } = navigator;
  /** @type {Promise<ServiceWorkerRegistration | null> | null} */
  let registered = null;

  /** @param {Partial<Builds> | undefined} builds */
  const judge = (builds) => {
    const next = builds?.next ?? builds?.current;
    if (next && next !== __BUILD__) found(next);
  };

  /** @param {ServiceWorker | null | undefined} worker @param {string} what @returns {Promise<any>} null where no service worker answers */
  const put = (worker, what) => new Promise((resolve) => {
    if (!worker) return resolve(null);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage(what, [port2]);
  });

  /** @param {string} what @returns {Promise<Builds | null>} */
  const ask = async (what) => put((await registered)?.active, what);

  return {
    /** Keeps the application for times without a network. */
    start() {
      if (!serviceWorker || registered) return;
      serviceWorker.onmessage = ({ data }) => {
        if (data.switched) location.reload();
        else if (data.open) open(data.open);
        else judge(data.builds);
      };
      registered = serviceWorker.register(scriptURL(SERVICE_URL), { updateViaCache: 'none' }).catch(() => null);
      void ask('builds').then((builds) => judge(builds ?? undefined));
    },
    /** Looks which build the server has, and fetches it. */
    async look() {
      try {
        const { build } = await (await fetch('/manifest.json', { cache: 'no-cache' })).json();
        if (typeof build !== 'string' || build === __BUILD__) return;
        const registration = await registered;
        if (registration) await registration.update();
        else found(build);
      } catch {
        // no connection: looked again when it is back
      }
    },
    /** Switches to the newest build. Every page is loaded again. */
    async switch() {
      if ((await ask('switch')) === null) location.reload();
    },
    /**
     * Hands what this page leaves open to the page that comes next.
     * @param {{ op: string, args: object }[]} calls
     */
    hand(calls) {
      if (calls.length > 0) serviceWorker?.controller?.postMessage({ calls });
    },
    /** @returns {Promise<import('../core/app.js').Handed[]>} what the page before handed over */
    async handed() {
      const silent = new Promise((resolve) => setTimeout(resolve, SILENT_MS, null));
      const calls = await Promise.race([put(serviceWorker?.controller, 'handed'), silent]);
      return Array.isArray(calls) ? calls : []; // one of another build may know nothing of this
    },
    /** @returns {Promise<ServiceWorkerRegistration | null>} */
    registration: async () => registered,
  };
}
