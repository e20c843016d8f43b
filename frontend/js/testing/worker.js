// @ts-check
// A worker with the fake engine in it, for looking at the interface without
// Go. What happens in its world is told over the channel "sotto-fake":
// {do: name of a method, of the engine or its groups, with: arguments}.

import { createHost } from '../io/host.js';
import { FakeEngine } from './fake.js';
import { emptyStore } from './talk.js';

const host = createHost(/** @type {import('../io/host.js').Port} */ (/** @type {unknown} */ (self)));

/** @param {(store: IDBObjectStore) => IDBRequest} act @returns {Promise<any>} */
function stored(act) {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open('sotto-fake', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('kept');
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const request = act(open.result.transaction('kept', 'readwrite').objectStore('kept'));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    };
  });
}

async function run() {
  const store = (await stored((s) => s.get('store'))) ?? emptyStore();
  const engine = new FakeEngine(store, (event) => host.event(event), Date.now);
  /** @type {Promise<unknown> | null} */
  let next = null;
  let last = Promise.resolve();
  /** Stores the newest state; calls that come while it waits for its turn share it. */
  const keep = () => (next ??= last = last.then(() => {
    next = null;
    return stored((s) => s.put(store, 'store'));
  }));
  new BroadcastChannel('sotto-fake').onmessage = async ({ data }) => {
    if (data.do === 'set') Object.assign(engine, data.with[0]);
    else /** @type {any} */ (data.do in engine ? engine : engine.groups)[data.do](...data.with);
    await keep();
  };
  host.ready(async (op, args) => {
    const answer = await engine.call(op, args);
    await keep();
    return answer;
  });
  return new Promise(() => {});
}

navigator.locks.request('sotto-engine', run);
