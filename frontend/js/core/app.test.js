// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { FakeEngine } from '../testing/fake.js';
import { NOON, joined, settled, world } from '../testing/world.js';
import { activeConversation, draftOf, placeOf, unreadTotal } from './state.js';
import { parseRoute } from './route.js';

/** Alice, in a conversation with bob. */
async function talking() {
  const w = await joined('#/with/bob');
  return { ...w, id: /** @type {string} */ (activeConversation(w.app.state)?.id) };
}

/** @param {FakeEngine} engine @param {string} op */
const calls = (engine, op) => engine.calls.filter(([name]) => name === op).map(([, args]) => args);

test('keys are made before a name is given', async () => {
  const { app, engine } = world();
  await app.boot();
  assert.equal(app.state.phase, 'join');
  assert.equal(app.state.join.keys, 'ready');
  assert.equal(calls(engine, 'prepare').length, 1);
});

test('joining leads in; a name that is taken is said', async () => {
  const { app } = world();
  await app.boot();
  app.act({ verb: 'join', handle: 'taken' });
  await settled();
  assert.deepEqual([app.state.phase, app.state.join.error], ['join', 'handle-taken']);
  app.act({ verb: 'join', handle: 'alice' });
  await settled();
  assert.deepEqual([app.state.phase, app.state.me?.handle], ['main', 'alice']);
});

test('a link opens its conversation after joining', async () => {
  const { app } = await joined('#/with/bob');
  assert.equal(activeConversation(app.state)?.handle, 'bob');
  assert.equal(app.state.seeking, null);
});

test('a handle that nobody has, and the own one, are said', async () => {
  const { app } = await joined('#/with/nobody');
  assert.deepEqual(app.state.seeking, { handle: 'nobody', error: 'unknown-handle' });
  app.route(parseRoute('#/with/alice'));
  await settled();
  assert.deepEqual(app.state.seeking, { handle: 'alice', error: 'self' });
});

test('what could not be looked up offline is looked up once online', async () => {
  const { app, engine } = await joined();
  engine.disconnect(null);
  app.route(parseRoute('#/with/bob'));
  await settled();
  assert.equal(app.state.seeking?.error, 'offline');
  engine.connect();
  await settled();
  assert.equal(activeConversation(app.state)?.handle, 'bob');
});

test('a message is sent once, under an id the page drew, and its draft is gone', async () => {
  const { app, engine, id, texts, runTimers } = await talking();
  app.act({ verb: 'draft', conversation: id, text: 'hello' });
  await runTimers();
  app.act({ verb: 'send', conversation: id, text: 'hello' });
  await settled();
  assert.deepEqual(texts(), ['hello']);
  assert.equal(calls(engine, 'send')[0].id.length, 32);
  assert.equal(draftOf(app.state, /** @type {any} */ (activeConversation(app.state))), '');
  assert.deepEqual(calls(engine, 'draft').map((a) => a.text), ['hello']);
});

test('a draft of other words than were sent is gone as well', async () => {
  const { app, engine, id } = await talking();
  app.act({ verb: 'draft', conversation: id, text: 'hello' });
  await settled();
  app.act({ verb: 'send', conversation: id, text: 'never mind' });
  await settled();
  assert.equal(draftOf(app.state, /** @type {any} */ (activeConversation(app.state))), '');
  assert.deepEqual(calls(engine, 'draft').map((a) => a.text), ['hello', '']);
});

test('blank text is not sent, long text is kept and said', async () => {
  const { app, engine, id } = await talking();
  app.act({ verb: 'send', conversation: id, text: ' \n ' });
  app.act({ verb: 'send', conversation: id, text: 'é'.repeat(32 * 1024 + 1) });
  await settled();
  assert.equal(calls(engine, 'send').length, 0);
  assert.equal(app.state.toast?.code, 'too-long');
  assert.equal(draftOf(app.state, /** @type {any} */ (activeConversation(app.state))).length, 32 * 1024 + 1);
});

test('text that could not be stored comes back to the composer', async () => {
  const { app, engine, id } = await talking();
  engine.block('bob', 'identity-changed');
  app.act({ verb: 'send', conversation: id, text: 'precious' });
  await settled();
  assert.equal(draftOf(app.state, /** @type {any} */ (activeConversation(app.state))), 'precious');
  assert.equal(app.state.toast?.code, 'blocked');
});

test('what waits offline is sent when the connection is back', async () => {
  const { app, engine, id, line } = await talking();
  engine.disconnect(NOON + 5000);
  app.act({ verb: 'send', conversation: id, text: 'later' });
  await settled();
  assert.equal(line()?.entries.at(-1)?.state, 'waiting');
  app.act({ verb: 'connect' });
  await settled();
  assert.equal(line()?.entries.at(-1)?.state, 'sent');
});

test('a failed message is tried again or deleted', async () => {
  const { app, engine, id, line, texts } = await talking();
  engine.failing = true;
  app.act({ verb: 'send', conversation: id, text: 'one' });
  app.act({ verb: 'send', conversation: id, text: 'two' });
  await settled();
  const [one, two] = line()?.entries.slice(-2) ?? [];
  assert.deepEqual([one?.state, two?.state], ['failed', 'failed']);
  engine.failing = false;
  app.act({ verb: 'retry', conversation: id, id: one?.id ?? '' });
  app.act({ verb: 'discard', conversation: id, id: two?.id ?? '' });
  await settled();
  assert.deepEqual(texts(), ['one']);
});

test('unread messages are counted until they are seen, and told once', async () => {
  const { app, engine, id } = await talking();
  engine.hear('bob', 'a');
  engine.hear('bob', 'b');
  await settled();
  assert.equal(unreadTotal(app.state), 2);
  app.act({ verb: 'seen', conversation: id, position: 3 });
  app.act({ verb: 'seen', conversation: id, position: 3 });
  app.act({ verb: 'seen', conversation: id, position: 2 });
  await settled();
  assert.equal(unreadTotal(app.state), 0);
  assert.deepEqual(calls(engine, 'read').map((a) => a.position), [3]);
});

test('older pages join in front, and the unread marker finds its place', async () => {
  const { app, engine, line, id } = await talking();
  app.route(parseRoute('#/'));
  for (let i = 0; i < 120; i++) engine.hear('bob', `text ${i}`);
  await settled();
  app.receive({ type: 'handover' });
  await settled();
  app.route(parseRoute('#/with/bob'));
  await settled();
  assert.equal(line()?.entries.length, 50);
  assert.equal(line()?.unreadFrom, null);
  app.act({ verb: 'older', conversation: id });
  await settled();
  app.act({ verb: 'older', conversation: id });
  await settled();
  assert.equal(line()?.entries.length, 121);
  assert.equal(line()?.entries.find((e) => e.id === line()?.unreadFrom)?.text, 'text 0');
});

test('a hand-over brings what was missed, once', async () => {
  const { app, store, texts } = await talking();
  const silent = new FakeEngine(store, () => {}, () => NOON);
  silent.hear('bob', 'missed');
  assert.deepEqual(texts(), []);
  app.receive({ type: 'handover' });
  await settled();
  assert.deepEqual(texts(), ['missed']);
});

test('a draft from another tab is taken over, unless something is being written here', async () => {
  const { app, engine, id } = await talking();
  const draft = () => draftOf(app.state, /** @type {any} */ (activeConversation(app.state)));
  await engine.call('draft', { conversation: id, text: 'there' });
  assert.equal(draft(), 'there');
  app.act({ verb: 'draft', conversation: id, text: 'here' });
  app.receive({ type: 'conversation', conversation: { .../** @type {any} */ (activeConversation(app.state)), draft: 'there again' } });
  assert.equal(draft(), 'here');
  await settled();
  await engine.call('draft', { conversation: id, text: 'there at last' });
  assert.equal(draft(), 'there at last');
});

test('a draft is stored with its first letter, and the newest of those that come meanwhile after it', async () => {
  const { app, engine, id } = await talking();
  const draft = () => draftOf(app.state, /** @type {any} */ (activeConversation(app.state)));
  for (const text of ['h', 'he', 'hel', 'he']) app.act({ verb: 'draft', conversation: id, text });
  assert.deepEqual(calls(engine, 'draft').map((a) => a.text), ['h']);
  await settled();
  assert.deepEqual(calls(engine, 'draft').map((a) => a.text), ['h', 'he']);
  assert.equal(draft(), 'he');
  // A letter that is taken back before it is stored does not come back with what tells that it was.
  for (const text of ['hel', 'he']) app.act({ verb: 'draft', conversation: id, text });
  app.receive({ type: 'conversation', conversation: { .../** @type {any} */ (activeConversation(app.state)), draft: 'hel' } });
  assert.equal(draft(), 'he');
  await settled();
  assert.equal(draft(), 'he');
});

test('what the page before left open is asked for again, and is no draft then', async () => {
  const first = await talking();
  for (const text of ['o', 'on', 'one']) first.app.act({ verb: 'draft', conversation: first.id, text });
  first.app.act({ verb: 'leave' });
  assert.deepEqual(calls(first.engine, 'draft').map((a) => a.text), ['o', 'one']);
  await settled();

  const next = world(first.store);
  next.handed.push({ op: 'draft', args: { conversation: first.id, text: 'two' } }, { op: 'send', args: { conversation: first.id, text: 'two', id: 'ab' } });
  next.handed.push({ op: 'draft', args: { conversation: first.id, text: 'thr' } });
  next.app.route(parseRoute('#/with/bob'));
  await next.app.boot();
  await settled();
  assert.deepEqual(next.texts(), ['two']);
  assert.equal(draftOf(next.app.state, /** @type {any} */ (activeConversation(next.app.state))), 'thr');
});

test('what was sent while its draft was being stored is no draft again', async () => {
  const { app, engine, id } = await talking();
  for (const text of ['h', 'hi']) app.act({ verb: 'draft', conversation: id, text });
  app.act({ verb: 'send', conversation: id, text: 'hi' });
  await settled();
  assert.equal(draftOf(app.state, /** @type {any} */ (activeConversation(app.state))), '');
  assert.deepEqual(calls(engine, 'draft').map((a) => a.text), ['h']);
});

test('a changed identity is shown and accepted: the name then stands for a new conversation', async () => {
  const { app, engine, id } = await talking();
  app.act({ verb: 'verify', conversation: id, verified: true });
  await settled();
  engine.block('bob', 'identity-changed');
  app.act({ verb: 'contact', conversation: id });
  await settled();
  assert.ok(/** @type {any} */ (app.state.dialog).contact.changed);
  app.act({ verb: 'accept', conversation: id });
  await settled();
  const active = activeConversation(app.state);
  assert.notEqual(active?.id, id);
  assert.deepEqual([active?.handle, active?.blocked, active?.verified], ['bob', null, false]);
  assert.equal(app.state.timelines[active?.id ?? '']?.loaded, true);
  assert.equal(app.state.dialog, null);
  const old = /** @type {any} */ (app.state.conversations[id]);
  assert.deepEqual(placeOf(app.state, old), { route: { with: null, talk: id }, other: true });
  app.route({ with: null, talk: id });
  await settled();
  assert.equal(activeConversation(app.state)?.id, id);
});

test('until it is decided, a name stands for who had it and not for who claims it', async () => {
  const { app, engine, id } = await talking();
  engine.begin('bob', '!');
  engine.block('bob', 'identity-changed');
  await settled();
  assert.equal(Object.keys(app.state.conversations).length, 2);
  assert.equal(activeConversation(app.state)?.id, id);
});

test('a name that is known is looked up when it is typed again', async () => {
  const { app, engine } = await talking();
  const before = calls(engine, 'open').length;
  app.act({ verb: 'seek', typed: 'Bob' });
  await settled();
  assert.equal(calls(engine, 'open').length, before + 1);
});

test('what the server sees is asked for; a message that was not sent has nothing', async () => {
  const { app, engine, id, line } = await talking();
  app.act({ verb: 'send', conversation: id, text: 'hi' });
  await settled();
  const entry = /** @type {any} */ (line()?.entries.at(-1));
  app.act({ verb: 'inspect', conversation: id, entry });
  await settled();
  assert.ok(/** @type {any} */ (app.state.dialog).inspection.sealed instanceof Uint8Array);
  engine.disconnect(null);
  app.act({ verb: 'send', conversation: id, text: 'waits' });
  await settled();
  app.act({ verb: 'inspect', conversation: id, entry: /** @type {any} */ (line()?.entries.at(-1)) });
  await settled();
  assert.equal(/** @type {any} */ (app.state.dialog).error, 'not-sent');
});

test('an end of the engine stops everything, and a hand-over goes on', async () => {
  const { app } = await talking();
  app.receive({ type: 'exit' });
  assert.deepEqual([app.state.stop?.family, app.state.stop?.code], ['stop', 'exit']);
  app.receive({ type: 'handover' });
  await settled();
  assert.equal(app.state.stop, null);
});

test('an alarm stays on', async () => {
  const { app } = await talking();
  app.receive({ type: 'alarm', code: 'device-unknown', detail: {} });
  app.receive({ type: 'connection', state: 'online', retryAt: null, reason: null });
  assert.equal(app.state.stop?.family, 'alarm');
});

test('storage that cannot be opened is a stop with its reason', async () => {
  const { app, engine } = world();
  engine.call = () => Promise.reject({ code: 'storage-unavailable', message: '' });
  await app.boot();
  assert.equal(app.state.stop?.code, 'storage-unavailable');
});

test('a dialog that was closed does not close the one opened after it', async () => {
  const { app } = world();
  app.act({ verb: 'settings' });
  app.act({ verb: 'invite' }); // the browser has not yet told that the settings were closed
  app.act({ verb: 'close', kind: 'settings' });
  assert.equal(app.state.dialog?.kind, 'invite');
  app.act({ verb: 'close', kind: 'invite' });
  assert.equal(app.state.dialog, null);
});

test('an engine of another build is a stop that names both', async () => {
  const { app, engine } = world();
  engine.call = () => Promise.reject({ code: 'other-build', message: 'two' });
  await app.boot();
  assert.deepEqual(app.state.stop, { family: 'stop', code: 'other-build', params: { mine: 'one', theirs: 'two' } });
});

test('steps go round the list as it is shown', async () => {
  const { app, visited } = await talking();
  for (const handle of ['carol', 'dave']) {
    app.act({ verb: 'seek', typed: handle });
    await settled();
  }
  const order = ['#/with/bob', '#/with/carol', '#/with/dave']; // all at the same time: by name
  const from = order.indexOf(visited.at(-1) ?? '');
  app.act({ verb: 'step', by: 1 });
  assert.equal(visited.at(-1), order[(from + 1) % 3]);
  app.act({ verb: 'step', by: -1 });
  app.act({ verb: 'step', by: -1 });
  assert.equal(visited.at(-1), order[(from + 2) % 3]);
});

test('what is chosen is remembered, and notifications only when they are allowed', async () => {
  const { app } = await talking();
  /** @type {any[]} */
  const kept = [];
  app.ports.remember.prefer = (chosen) => kept.push(chosen);
  app.act({ verb: 'prefer', change: { appearance: 'dark', sound: 'on' } });
  await settled();
  assert.deepEqual([app.state.preferences.appearance, app.state.preferences.sound, kept.length], ['dark', 'on', 1]);
  app.ports.attention.allow = () => Promise.resolve(false);
  app.act({ verb: 'prefer', change: { notify: 'what' } });
  await settled();
  assert.deepEqual([app.state.preferences.notify, app.state.toast?.code, kept.length], ['off', 'notify-denied', 1]);
});

test('the tab with the engine tells of new messages, and no other', async () => {
  const { app, engine, told } = await talking();
  engine.hear('carol', 'psst');
  await settled();
  assert.deepEqual(told.map((note) => note.title), ['carol']);
  app.ports.owns = () => false;
  engine.hear('carol', 'psst again');
  await settled();
  assert.equal(told.length, 1);
});

test('another build is offered until it is hidden', async () => {
  const { app } = await talking();
  app.found('two');
  assert.equal(app.state.update, 'two');
  app.act({ verb: 'dismiss', what: 'update' });
  assert.equal(app.state.update, null);
});
