// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { NOON, joined, settled } from '../testing/world.js';
import { MARK, marked, mentionsIn } from './mentions.js';
import { activeConversation, draftOf, sortedConversations, unreadTotal } from './state.js';

/** Alice, in a conversation with bob who has written. @param {string[]} texts */
async function heard(...texts) {
  const w = await joined('#/with/bob');
  for (const text of texts) w.engine.hear('bob', text);
  await settled();
  const conversation = /** @type {import('./contract.js').Conversation} */ (activeConversation(w.app.state));
  const entry = (/** @type {string} */ text) => /** @type {import('./contract.js').Entry} */ (w.line()?.entries.find((e) => e.text === text));
  return { ...w, id: conversation.id, entry, calls: (/** @type {string} */ op) => w.engine.calls.filter(([name]) => name === op).map(([, args]) => args) };
}

test('a reply names what it answers, and leaves the composer as it was', async () => {
  const { app, id, entry, calls } = await heard('shall we?');
  app.act({ verb: 'compose', conversation: id, composing: { kind: 'reply', entry: entry('shall we?') } });
  app.act({ verb: 'send', conversation: id, text: 'yes' });
  await settled();
  assert.equal(calls('send')[0].reply, entry('shall we?').id);
  assert.deepEqual([entry('yes').reply?.text, app.state.composing], ['shall we?', {}]);
});

test('arrow up edits the last own message; the draft waits meanwhile', async () => {
  const { app, id, entry, calls } = await heard();
  app.act({ verb: 'edit-last', conversation: id });
  assert.deepEqual(app.state.composing, {});
  app.act({ verb: 'send', conversation: id, text: 'helo' });
  await settled();
  app.act({ verb: 'draft', conversation: id, text: 'later' });
  app.act({ verb: 'edit-last', conversation: id });
  const talk = () => /** @type {import('./contract.js').Conversation} */ (activeConversation(app.state));
  assert.equal(draftOf(app.state, talk()), 'helo');
  app.act({ verb: 'draft', conversation: id, text: 'hello' });
  app.act({ verb: 'send', conversation: id, text: 'hello' });
  await settled();
  assert.deepEqual([entry('hello').edited, draftOf(app.state, talk()), calls('edit').length], [NOON, 'later', 1]);
  app.act({ verb: 'edit-last', conversation: id });
  app.act({ verb: 'send', conversation: id, text: 'hello' });
  await settled();
  assert.equal(calls('edit').length, 1, 'what is not changed is not sent');
  app.act({ verb: 'details', conversation: id, entry: entry('hello') });
  await settled();
  const { dialog } = app.state;
  assert.deepEqual(dialog?.kind === 'details' && [dialog.versions.map((v) => v.text), dialog.told?.map((w) => w.handle)], [['helo', 'hello'], ['bob']]);
});

test('reactions are toggled, a deletion leaves a tombstone', async () => {
  const { app, id, entry, calls } = await heard('good');
  for (const on of [true, false]) {
    app.act({ verb: 'react', conversation: id, entry: entry('good'), emoji: '👍' });
    await settled();
    assert.deepEqual([calls('react').at(-1).on, entry('good').reactions?.length ?? 0], [on, Number(on)]);
  }
  app.act({ verb: 'send', conversation: id, text: 'gone' });
  await settled();
  const gone = entry('gone');
  app.act({ verb: 'ask', what: 'delete', conversation: id, entry: gone });
  app.act({ verb: 'delete', conversation: id, entry: gone });
  await settled();
  const after = app.state.timelines[id]?.entries.find((e) => e.id === gone.id);
  assert.deepEqual([after?.deleted, after?.text, app.state.dialog], [NOON, undefined, null]);
});

test('who is named is found in the text', async () => {
  const people = [{ account: 'b', handle: 'bob' }, { account: 'd', handle: 'dora.x' }];
  assert.deepEqual(mentionsIn('@bob, see (@Dora.x.) not a@bob or @bobby', people), [
    { account: 'b', start: 0, end: 4 }, { account: 'd', start: 11, end: 18 },
  ]);
  const text = 'hi @bob and @bob';
  const mentions = mentionsIn(text, people).map((m) => ({ ...m, handle: 'robert' }));
  assert.equal(marked(text, mentions), `hi ${MARK} and ${MARK}`);
  const { app, id, calls } = await heard();
  app.act({ verb: 'send', conversation: id, text: 'hello @bob' });
  await settled();
  assert.deepEqual(calls('send')[0].mentions.map((/** @type {any} */ m) => [m.start, m.end]), [[6, 10]]);
});

test('writing is told once in a while, and its end', async () => {
  const w = await heard();
  const { app, id, calls } = w;
  for (const text of ['h', 'he', 'hel']) app.act({ verb: 'draft', conversation: id, text });
  assert.deepEqual(calls('typing').map((a) => a.on), [true]);
  await w.runTimers();
  app.act({ verb: 'draft', conversation: id, text: 'hell' });
  app.act({ verb: 'draft', conversation: id, text: '' });
  assert.deepEqual(calls('typing').map((a) => a.on), [true, true, false]);
  app.act({ verb: 'choose', change: { typing: false } });
  await settled();
  app.act({ verb: 'draft', conversation: id, text: 'x' });
  assert.equal(calls('typing').length, 3);
  w.engine.write('bob', true);
  assert.deepEqual(app.state.typing[id]?.map((p) => p.handle), ['bob']);
});

test('whether the person is here is told when it changes', async () => {
  const { app, calls } = await heard();
  for (const here of [true, true, false]) app.here(here);
  assert.deepEqual(calls('here').map((a) => a.here), [false, true, false]);
});

test('a place far up is gone to, with pages both ways, and back to the newest', async () => {
  const w = await heard(...Array.from({ length: 200 }, (_, i) => `m${i}`));
  const { app, id } = w;
  app.receive({ type: 'handover' });
  await settled();
  const first = () => w.texts()[0];
  const last = () => w.texts().at(-1);
  app.act({ verb: 'newest', conversation: id });
  const far = w.engine.calls.length;
  app.act({ verb: 'jump', conversation: id, id: 'x', position: null });
  await settled();
  assert.equal(w.engine.calls.length, far, 'what is not in the log is nowhere');
  const whole = /** @type {any} */ (await w.engine.call('history', { conversation: id, before: 60, limit: 1 })).entries[0];
  app.dispatch({ type: 'forget', except: null });
  app.act({ verb: 'go', route: { with: 'bob' } });
  await settled();
  app.act({ verb: 'jump', conversation: id, id: whole.id, position: whole.position });
  await settled();
  assert.equal(app.state.timelines[id]?.target?.id, whole.id);
  assert.deepEqual([app.state.timelines[id]?.newer, w.texts().length], [true, 50]);
  w.engine.hear('bob', 'news');
  assert.notEqual(last(), 'news', 'there would be a gap before it');
  app.act({ verb: 'newer', conversation: id });
  app.act({ verb: 'older', conversation: id });
  await settled();
  assert.equal(w.texts().length, 100);
  for (let i = 0; i < 3; i++) {
    app.act({ verb: 'newer', conversation: id });
    await settled();
  }
  assert.deepEqual([app.state.timelines[id]?.newer, last()], [false, 'news']);
  app.act({ verb: 'jump', conversation: id, id: 'gone', position: 5 });
  await settled();
  app.act({ verb: 'send', conversation: id, text: 'mine' });
  await settled();
  assert.deepEqual([last(), app.state.timelines[id]?.newer, first() !== 'm0'], ['mine', false, true]);
});

test('a conversation is pinned, muted and marked', async () => {
  const { app, engine, id } = await heard('one');
  engine.hear('carol', 'two');
  await settled();
  const order = () => sortedConversations(app.state).map((c) => c.handle);
  app.act({ verb: 'put', op: 'pin', conversation: id, on: true });
  await settled();
  assert.deepEqual([order(), unreadTotal(app.state)], [['bob', 'carol'], 2]);
  app.act({ verb: 'put', op: 'mute', conversation: id, on: true });
  await settled();
  assert.equal(unreadTotal(app.state), 1);
});

test('a search finds as one types, and old answers are not shown', async () => {
  const { app } = await heard('the moon', 'the sun');
  app.act({ verb: 'switch' });
  for (const query of ['th', 'the', 'moon']) app.act({ verb: 'search', query, within: null });
  await settled();
  assert.deepEqual([app.state.found?.query, app.state.found?.found?.messages.map((h) => h.text)], ['moon', ['the moon']]);
  app.act({ verb: 'close', kind: 'switch' });
  assert.equal(app.state.found, null);
});

test('a search that fails is told, and the next one takes its place', async () => {
  const { app } = await heard('the moon');
  app.act({ verb: 'switch' });
  const call = app.ports.call;
  app.ports.call = () => Promise.reject({ code: 'storage-failed', message: '' });
  app.act({ verb: 'search', query: 'moon', within: null });
  await settled();
  assert.deepEqual(app.state.found, { query: 'moon', found: null });
  app.ports.call = call;
  app.act({ verb: 'search', query: 'moon', within: null });
  await settled();
  assert.equal(app.state.found?.found?.messages.length, 1);
});

test('all data go into a file, part by part', async () => {
  const w = await heard('kept');
  w.app.act({ verb: 'export' });
  await settled();
  w.app.act({ verb: 'save' });
  await settled();
  const { dialog } = w.app.state;
  assert.deepEqual(dialog?.kind === 'export' && [dialog.done, dialog.exporting?.misses.length], [true, 3]);
  assert.match(String(w.files.at(-1)), /^sotto-alice-.*json$/);
  const whole = w.files.slice(0, -1).map((part) => new TextDecoder().decode(/** @type {Uint8Array} */ (part))).join('');
  assert.ok(JSON.parse(whole).conversations.length === 1 && w.files.length === 3);
});

test('erasing reaches the page', async () => {
  const w = await heard();
  w.app.act({ verb: 'ask-erase' });
  w.app.act({ verb: 'erase' });
  await settled();
  assert.deepEqual([w.files, w.store.me], [['erased'], null]);
});
