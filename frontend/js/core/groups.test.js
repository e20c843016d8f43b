// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { namedIn } from './errors.js';
import { parseRoute, roomLink } from './route.js';
import { standingOf } from './standing.js';
import { activeConversation, nameOf, peopleOf, placeOf, standsFor } from './state.js';
import { noticeText } from './strings.js';
import { blank } from '../testing/fake.js';
import { joined, settled, world } from '../testing/world.js';

/** @typedef {import('./contract.js').EngineError} EngineError */

const ROOM = '0123456789abcdef0123456789abcdef';
const LINK = `https://x.example/#/join/${ROOM}.${'s'.repeat(43)}`;

/** Alice, in a group that she made with bob and carol. */
async function grouped() {
  const w = await joined();
  /** @type {(EngineError | null)[]} */
  const refusals = [];
  const done = (/** @type {EngineError | null} */ refused) => void refusals.push(refused);
  w.app.act({ verb: 'create', name: 'Climbing', handles: ['bob', 'carol'], done });
  await settled();
  const group = /** @type {import('./contract.js').Conversation} */ (activeConversation(w.app.state));
  return { ...w, refusals, done, id: group.id, group: () => w.app.state.groups[group.id], account: (/** @type {string} */ h) => w.engine.person(h).account };
}

test('a group is made and opened', async () => {
  const { app, refusals, visited, id } = await grouped();
  assert.deepEqual(refusals, [null]);
  assert.equal(visited.at(-1), `#/talk/${id}`);
  const made = /** @type {import('./contract.js').Conversation} */ (app.state.conversations[id]);
  assert.deepEqual([made.kind, nameOf(made), made.members, made.role], ['group', 'Climbing', 3, 'admin']);
  assert.deepEqual(placeOf(app.state, made), { route: { with: null, talk: id }, other: false });
