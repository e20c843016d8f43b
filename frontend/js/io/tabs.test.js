// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Profile } from '../testing/profile.js';

/** @typedef {import('../testing/fake.js').FakeEngine} FakeEngine */

async function settled() {
  for (let i = 0; i < 200; i++) await Promise.resolve();
}

/** Two tabs of alice, in a conversation with bob. */
async function two() {
  const profile = new Profile();
  const a = profile.tab('a');
  const b = profile.tab('b');
  await a.call('boot', {});
  await b.call('boot', {});
  await a.call('join', { handle: 'alice' });
  const { id } = await b.call('open', { handle: 'bob' });
  await settled();
  return { profile, engines: profile.engines, a, b, id };
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
  const { profile, engines, a } = await two();
  engines[0]?.disconnect(5);
  a.events.length = 0;
  const c = profile.tab('c');
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
  const { profile, a } = await two();
  const c = profile.tab('c');
  await c.call('boot', {});
  a.kill();
  await settled();
  assert.deepEqual(c.types().filter((t) => t === 'handover'), ['handover']);
});

test('a send whose answer was lost with the owner is one message', async () => {
  const { profile, a, b, id } = await two();
  profile.deaf = true;
  const sent = b.call('send', { conversation: id, text: 'once', id: '01' });
  await settled();
  profile.deaf = false;
  a.kill();
  assert.equal((await sent).text, 'once');
  const page = await b.call('history', { conversation: id, before: null, limit: 50 });
  assert.equal(page.entries.filter((e) => e.text === 'once').length, 1);
});

test('a join whose answer was lost is not done twice', async () => {
  const p = new Profile();
  const a = p.tab('a');
  const b = p.tab('b');
  await b.call('boot', {});
  p.deaf = true;
  const joined = b.call('join', { handle: 'alice' });
  await settled();
  p.deaf = false;
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

test('a tab of another build is not served, and is told which one is', async () => {
  const { profile, a, id } = await two();
  const c = profile.tab('c', 'two');
  await assert.rejects(c.call('boot', {}), { code: 'other-build', message: 'one' });
  await assert.rejects(c.call('send', { conversation: id, text: 'never', id: '09' }), { code: 'other-build' });
  const page = await a.call('history', { conversation: id, before: null, limit: 50 });
  assert.ok(!page.entries.some((/** @type {{ text?: string }} */ e) => e.text === 'never'));
});
