// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { FakeEngine, emptyStore } from '../testing/fake.js';
import { createHost } from './host.js';
import { createTabs } from './tabs.js';

async function settled() {
  for (let i = 0; i < 200; i++) await Promise.resolve();
}

/** A browser profile: one lock, one channel, one store, workers that can be killed. */
function profile() {
  const store = emptyStore();
  /** @type {(() => Promise<void>)[]} */
  const queue = [];
  let held = false;
  /** @type {Map<string, { onmessage: ((event: any) => void) | null }>} */
  const channels = new Map();
  /** @type {FakeEngine[]} */
  const engines = [];
  /** Messages from a worker to its page are lost while this is set. */
  const faults = { deaf: false };

  function grant() {
    const hold = held ? undefined : queue.shift();
    if (!hold) return;
    held = true;
    void hold().then(() => {
      held = false;
      grant();
    });
  }

  function spawn() {
    /** @type {any} */
    const worker = { onmessage: null, onerror: null, dead: false };
    /** @type {(event: any) => void} */
    let listener = () => {};
    const host = createHost({
      postMessage: (data) => worker.dead || faults.deaf || worker.onmessage?.({ data: structuredClone(data) }),
      addEventListener: (_type, fn) => (listener = fn),
    });
    const engine = new FakeEngine(store, (event) => host.event(event), () => 0);
    engines.push(engine);
    host.ready((op, args) => engine.call(op, args));
    worker.postMessage = (/** @type {any} */ data) => worker.dead || listener({ data: structuredClone(data) });
    worker.terminate = () => (worker.dead = true);
    return worker;
  }

  /** @param {string} name */
  function tab(name) {
    /** @type {any[]} */
    const events = [];
    /** @type {any[]} */
    const workers = [];
    const channel = {
      onmessage: null,
      postMessage(/** @type {any} */ data) {
        if (!channels.has(name)) return;
        for (const [other, end] of channels) if (other !== name) end.onmessage?.({ data: structuredClone(data) });
      },
    };
    channels.set(name, channel);
    const locks = {
      request(/** @type {string} */ _name, /** @type {() => Promise<void>} */ hold) {
        queue.push(() => Promise.race([hold(), killed.promise]));
        grant();
        return Promise.resolve();
      },
    };
    const killed = Promise.withResolvers();
    const tabs = createTabs(
      {
        locks: /** @type {any} */ (locks), channel, tab: name, place: { origin: 'https://x.example', url: 'wss://x.example/ws' },
        spawn() {
          const worker = spawn();
          workers.push(worker);
          return worker;
        },
      },
      (event) => events.push(event),
    );
    return {
      call: tabs.call,
      events,
      types: () => events.map((e) => e.type),
      /** The tab is closed: its worker, its lock and its end of the channel go. */
      kill() {
        for (const worker of workers) worker.dead = true;
        channels.delete(name);
        killed.resolve(undefined);
      },
      owner: () => workers.length > 0,
    };
  }

  return { tab, engines, store, faults };
}

/** Two tabs of alice, in a conversation with bob. */
async function two() {
  const p = profile();
  const a = p.tab('a');
  const b = p.tab('b');
  await a.call('boot', {});
  await b.call('boot', {});
  await a.call('join', { handle: 'alice' });
  const { id } = await b.call('open', { handle: 'bob' });
  await settled();
  return { ...p, a, b, id };
}

test('one tab runs the engine and all of them use it', async () => {
  const { engines, a, b, id } = await two();
  assert.equal(engines.length, 1);
  assert.deepEqual([a.owner(), b.owner()], [true, false]);
  await b.call('send', { conversation: id, text: 'from b', id: '01' });
  const page = await a.call('history', { conversation: id, before: null, limit: 50 });
  assert.equal(page.entries.at(-1)?.text, 'from b');
});

test('all tabs hear the same events', async () => {
  const { engines, a, b } = await two();
  a.events.length = b.events.length = 0;
  engines[0]?.hear('bob', 'hello');
  await settled();
  assert.deepEqual(a.types(), ['entry', 'conversation']);
  assert.deepEqual(b.events, a.events);
});

test('the engine is told where it is, and boots once', async () => {
  const { engines } = await two();
  const boots = engines[0]?.calls.filter(([op]) => op === 'boot') ?? [];
  assert.deepEqual(boots.map(([, args]) => args), [{ origin: 'https://x.example', url: 'wss://x.example/ws' }]);
});

test('a refusal reaches the tab that asked', async () => {
  const { b } = await two();
  await assert.rejects(b.call('open', { handle: 'nobody' }), { code: 'unknown-handle' });
  await assert.rejects(b.call(/** @type {any} */ ('no-such'), {}), { code: 'unknown-op' });
});

test('a newcomer is told what lasts', async () => {
  const { engines, a, tab } = await two();
  engines[0]?.disconnect(5);
  a.events.length = 0;
  const c = tab('c');
  const boot = await c.call('boot', {});
  assert.equal(boot.connection.state, 'offline');
  assert.equal(boot.me?.handle, 'alice');
  assert.equal(boot.conversations.length, 1);
  assert.deepEqual(a.events, []);
});

test('when the owner is closed the next tab takes over and knows everything', async () => {
  const { engines, a, b, id } = await two();
  await a.call('send', { conversation: id, text: 'before', id: '01' });
  a.kill();
  await settled();
  assert.equal(engines.length, 2);
  assert.ok(b.types().includes('handover'));
  const boot = await b.call('boot', {});
  assert.equal(boot.me?.handle, 'alice');
  const page = await b.call('history', { conversation: id, before: null, limit: 50 });
  assert.equal(page.entries.at(-1)?.text, 'before');
});

test('the third tab hears of the new owner', async () => {
  const { a, tab } = await two();
  const c = tab('c');
  await c.call('boot', {});
  a.kill();
  await settled();
  assert.deepEqual(c.types().filter((t) => t === 'handover'), ['handover']);
});

test('a send whose answer was lost with the owner is one message', async () => {
  const { a, b, id, faults } = await two();
  faults.deaf = true;
  const sent = b.call('send', { conversation: id, text: 'once', id: '01' });
  await settled();
  faults.deaf = false;
  a.kill();
  assert.equal((await sent).text, 'once');
  const page = await b.call('history', { conversation: id, before: null, limit: 50 });
  assert.equal(page.entries.filter((e) => e.text === 'once').length, 1);
});

test('a join whose answer was lost is not done twice', async () => {
  const p = profile();
  const a = p.tab('a');
  const b = p.tab('b');
  await b.call('boot', {});
  p.faults.deaf = true;
  const joined = b.call('join', { handle: 'alice' });
  await settled();
  p.faults.deaf = false;
  a.kill();
  assert.equal((await joined).handle, 'alice');
  assert.equal(p.engines[1]?.calls.filter(([op]) => op === 'join').length, 0);
});

test('an engine that ends hands over to another tab, and does not start again in its own', async () => {
  const { engines, a, b, id } = await two();
  engines[0]?.hear('bob', 'x');
  b.events.length = 0;
  // The worker's own report, as worker.js sends it.
  a.events.length = 0;
  const open = b.call('history', { conversation: id, before: null, limit: 1 });
  await open;
  endOf(engines[0]);
  await settled();
  assert.equal(engines.length, 2);
  assert.deepEqual([a.types()[0], b.types()[0]], ['exit', 'exit']);
  assert.ok(a.types().includes('handover') && b.types().includes('handover'));
  endOf(engines[1]);
  await settled();
  assert.equal(engines.length, 2);
});

/** @param {FakeEngine | undefined} engine */
function endOf(engine) {
  engine?.tell({ type: 'exit' });
}
