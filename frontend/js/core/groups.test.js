// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { blank } from '../testing/talk.js';
import { joined, settled, world } from '../testing/world.js';
import { noteOf } from './attention.js';
import { namedIn } from './errors.js';
import { roomLink } from './route.js';
import { standingOf } from './standing.js';
import { activeConversation, nameOf, peopleOf, placeOf } from './state.js';
import { noticeText, t } from './strings.js';

/** @typedef {import('./contract.js').EngineError | null} Refused */

const ROOM = '0123456789abcdef0123456789abcdef';
const LINK = `https://x.example/#/join/${ROOM}.${'s'.repeat(43)}`;

/** Alice, in a group that she made with bob and carol. */
async function grouped() {
  const w = await joined();
  /** @type {Refused[]} */
  const answers = [];
  const done = (/** @type {Refused} */ refused) => void answers.push(refused);
  w.app.act({ verb: 'create', name: 'Climbing', handles: ['bob', 'carol'], done });
  await settled();
  const { id } = /** @type {import('./contract.js').Conversation} */ (activeConversation(w.app.state));
  w.app.act({ verb: 'group', conversation: id });
  await settled();
  return {
    ...w, answers, done, id,
    account: (/** @type {string} */ handle) => w.engine.person(handle).account,
    handles: () => w.app.state.groups[id]?.members.map((m) => m.handle),
    role: (/** @type {string} */ handle) => w.app.state.groups[id]?.members.find((m) => m.handle === handle)?.role,
  };
}

test('a group is made, opened, and called by its name', async () => {
  const { app, answers, visited, id } = await grouped();
  assert.deepEqual(answers, [null]);
  assert.equal(visited.at(-1), `#/talk/${id}`);
  const made = /** @type {import('./contract.js').Conversation} */ (app.state.conversations[id]);
  assert.deepEqual([made.kind, nameOf(made), made.members, made.role], ['group', 'Climbing', 3, 'admin']);
  assert.deepEqual(placeOf(app.state, made), { route: { with: null, talk: id }, other: false });
});

test('a refusal names the handle that it is about', async () => {
  const { app, answers, done, id } = await grouped();
  app.act({ verb: 'create', name: 'Other', handles: ['bob', 'nobody'], done });
  await settled();
  app.act({ verb: 'change', op: 'addMembers', args: { conversation: id, handles: ['dave', 'nobody'] }, done });
  await settled();
  for (const refused of answers.slice(1)) {
    assert.equal(refused?.code, 'unknown-handle');
    assert.deepEqual(namedIn(/** @type {any} */ (refused), ['bob', 'dave', 'nobody']), ['nobody']);
  }
  assert.equal(answers.length, 3);
  assert.equal(app.state.toast, null);
  assert.deepEqual(namedIn({ code: '', message: 'handle bob.b: no account' }, ['bob', 'b', 'bob.b']), ['bob.b']);
  assert.deepEqual(namedIn({ code: 'offline', message: 'offline: bob' }, ['bob']), []);
});

test('the panel follows each change; one that is refused is said', async () => {
  const { app, id, account, handles, role } = await grouped();
  app.act({ verb: 'change', op: 'addMembers', args: { conversation: id, handles: ['dave'] } });
  await settled();
  assert.deepEqual(handles(), ['alice', 'bob', 'carol', 'dave']);
  app.act({ verb: 'change', op: 'setRole', args: { conversation: id, account: account('bob'), role: 'admin' } });
  app.act({ verb: 'change', op: 'removeMember', args: { conversation: id, account: account('carol') } });
  app.act({ verb: 'change', op: 'rename', args: { conversation: id, name: 'Lake' } });
  app.act({ verb: 'change', op: 'makeLink', args: { conversation: id, days: 7, uses: 10 } });
  await settled();
  assert.deepEqual([handles(), role('bob')], [['alice', 'bob', 'dave'], 'admin']);
  assert.equal(app.state.conversations[id]?.name, 'Lake');
  assert.equal(roomLink(app.state.groups[id]?.links[0]?.url ?? ''), app.state.groups[id]?.links[0]?.url);
  app.act({ verb: 'change', op: 'setRole', args: { conversation: id, account: account('bob'), role: 'member' } });
  app.act({ verb: 'change', op: 'leave', args: { conversation: id } });
  await settled();
  assert.equal(app.state.toast?.code, 'last-admin');
});

test('the panel of a member leads back to the group, unless it came from elsewhere', async () => {
  const { app, id, account } = await grouped();
  const bob = account('bob');
  app.act({ verb: 'contact', conversation: id, account: bob });
  await settled();
  const dialog = /** @type {any} */ (app.state.dialog);
  assert.deepEqual([dialog.kind, dialog.account, dialog.contact.handle], ['contact', bob, 'bob']);
  app.act({ verb: 'verify', conversation: id, verified: true });
  await settled();
  assert.equal(/** @type {any} */ (app.state.dialog).contact.verified, true);
  assert.equal(app.state.groups[id]?.members.find((m) => m.handle === 'bob')?.verified, true);
  app.act({ verb: 'close', kind: 'contact' });
  assert.deepEqual(app.state.dialog, { kind: 'group', conversation: id });
  app.act({ verb: 'close', kind: 'group' });
  app.act({ verb: 'contact', conversation: id, account: bob });
  app.act({ verb: 'close', kind: 'contact' });
  assert.equal(app.state.dialog, null);
});

test('an answer about one member is not taken for one about another', async () => {
  const { app, id, account } = await grouped();
  app.act({ verb: 'contact', conversation: id, account: account('bob') });
  app.act({ verb: 'contact', conversation: id, account: account('carol') });
  await settled();
  assert.equal(/** @type {any} */ (app.state.dialog).contact.handle, 'carol');
});

test('a link asks to be let in, and the group takes over when that is done', async () => {
  const { app, engine, visited } = await joined();
  app.follow(LINK);
  await settled();
  assert.deepEqual([app.state.link, app.state.seeking, visited.at(-1)], [null, null, `#/talk/${ROOM}`]);
  assert.equal(standingOf(/** @type {any} */ (activeConversation(app.state)))?.code, 'waiting');
  engine.groups.admit(ROOM, 'Climbing', 'bob');
  await settled();
  assert.equal(standingOf(/** @type {any} */ (activeConversation(app.state))), null);
  assert.equal(nameOf(/** @type {any} */ (activeConversation(app.state))), 'Climbing');
});

test('who is not in yet joins first, and the link is used then', async () => {
  const { app, engine, visited } = world();
  app.follow(LINK);
  await app.boot();
  assert.deepEqual(engine.calls.filter(([op]) => op === 'joinGroup'), []);
  app.act({ verb: 'join', handle: 'alice' });
  await settled();
  assert.deepEqual(engine.calls.filter(([op]) => op === 'joinGroup'), [['joinGroup', { url: LINK }]]);
  assert.equal(activeConversation(app.state)?.waiting, true);
  assert.ok(visited.every((hash) => !hash.includes('sss')), String(visited));
});

test('a link that is none is said and given up when one goes elsewhere', async () => {
  const { app, engine } = await joined();
  app.act({ verb: 'seek', typed: ` ${LINK}x ` });
  await settled();
  assert.deepEqual([app.state.seeking, app.state.link], [{ handle: '', error: 'link-invalid' }, `${LINK}x`]);
  app.act({ verb: 'go', route: {} });
  await settled();
  assert.deepEqual([app.state.seeking, app.state.link], [null, null]);
  assert.equal(engine.calls.filter(([op]) => op === 'joinGroup').length, 1);
});

test('one can stop waiting, and is in the list again', async () => {
  const { app, visited } = await joined();
  app.follow(LINK);
  await settled();
  app.act({ verb: 'change', op: 'cancelJoin', args: { conversation: ROOM } });
  await settled();
  assert.deepEqual([app.state.conversations[ROOM], visited.at(-1)], [undefined, '#/']);
});

test('what is typed is a link to a group only where it is one', () => {
  assert.equal(roomLink(`#/join/${ROOM}.abc`), `#/join/${ROOM}.abc`);
  for (const typed of ['bob', '#/with/bob', '#/join/', 'see https://x.example/#/join/a.b', `${LINK} and more`]) assert.equal(roomLink(typed), null);
});

test('what is not as usual stands where one writes, and says whether one can', () => {
  /** @param {Partial<import('./contract.js').Conversation>} change */
  const standing = (change) => standingOf({ ...blank, id: ROOM, handle: '', account: '', activity: 0, kind: 'group', ...change });
  assert.equal(standing({}), null);
  assert.deepEqual([standing({ ended: 'removed' })?.what, standing({ ended: 'removed' })?.writes], [t('group.removed'), false]);
  assert.deepEqual([standing({ ended: 'left' })?.what, standing({ ended: 'left' })?.decide], [t('group.left'), null]);
  assert.deepEqual([standing({ lost: 'lost' })?.writes, standing({ lost: 'lost' })?.rest], [true, t('group.lost.text')]);
  const blocked = standing({ blocked: { code: 'identity-changed', detail: { handle: 'bob', account: 'b0b', group: 'yes' } } });
  assert.deepEqual([blocked?.writes, blocked?.decide], [false, 'decide.identity-changed']);
  assert.match(blocked?.what ?? '', /bob/);
  assert.match(blocked?.rest ?? '', /is in this group/);
  assert.equal(standing({ waiting: true, blocked: { code: 'link-refused', detail: {} } })?.decide, 'decide.link-refused');
});

test('a notice names a few of many', () => {
  const what = (/** @type {number} */ n) => noticeText('added', { by: 'alice', who: Array.from({ length: n }, (_, i) => `p${i}`).join(', ') }, '').what;
  assert.equal(what(1), 'alice added p0');
  assert.equal(what(6), 'alice added p0, p1, p2, p3, p4, p5');
  assert.equal(what(300), 'alice added p0, p1, p2, p3, p4 and 295 more');
  assert.equal(noticeText('added', { by: 'alice', who: 'a, b, c, d, e, f', more: '10' }, '').what, 'alice added a, b, c, d, e and 11 more');
});

test('a notification of a group says who wrote', async () => {
  const { app, engine, id } = await grouped();
  const before = app.state.conversations[id];
  engine.groups.hear(id, 'bob', 'Nine?');
  const after = /** @type {import('./contract.js').Conversation} */ (app.state.conversations[id]);
  assert.deepEqual(noteOf(before, after, 'what'), { tag: id, title: 'Climbing', body: 'bob: Nine?', hash: `#/talk/${id}` });
});

test('offered are those whom one talks with', async () => {
  const { app, engine } = await grouped();
  engine.hear('zoe', 'hi');
  engine.hear('ben', 'hi');
  assert.deepEqual(peopleOf(app.state).map((p) => p.handle), ['ben', 'zoe']);
});
