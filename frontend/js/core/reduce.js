// @ts-check
// How each action changes the state. Pure: the state given is never changed.

import { activeConversation, emptyTimeline } from './state.js';
import { firstUnread, isNews, merge, put, refresh } from './timeline.js';

/** @typedef {import('./model.js').State} State */
/** @typedef {import('./model.js').Action} Action */
/** @typedef {import('./model.js').Timeline} Timeline */
/** @typedef {import('./contract.js').Conversation} Conversation */

/** @type {{ [K in Action['type']]: (state: State, action: Extract<Action, { type: K }>) => State }} */
const reducers = {
  booted: (state, { boot }) => ({
    ...state,
    phase: boot.me ? 'main' : 'join',
    stop: state.stop?.family === 'alarm' ? state.stop : null,
    me: boot.me,
    connection: boot.connection,
    conversations: Object.fromEntries(boot.conversations.map((c) => [c.id, c])),
  }),
  stop: (state, { code, params = {} }) => ({ ...state, stop: { family: 'stop', code, params }, dialog: null }),
  route: (state, { route }) => ({
    ...state,
    route,
    seeking: state.seeking?.handle === route.with ? state.seeking : null,
    dialog: null,
  }),

  keys: (state, { keys }) => ({ ...state, join: { ...state.join, keys } }),
  joining: (state) => ({ ...state, join: { ...state.join, busy: true, error: null } }),
  joined: (state, { me }) => ({ ...state, phase: 'main', me, join: { busy: false, error: null, keys: 'ready' } }),
  'join-failed': (state, { code }) => ({ ...state, join: { ...state.join, busy: false, error: code } }),

  seeking: (state, { handle }) => ({ ...state, seeking: { handle, error: null } }),
  'seek-failed': (state, { handle, code }) =>
    state.seeking?.handle === handle ? { ...state, seeking: { handle, error: code } } : state,

  connection: (state, { state: now, retryAt, reason }) => ({ ...state, connection: { state: now, retryAt, reason } }),
  conversation: (state, { conversation }) => withConversation(state, conversation),
  entry: (state, { conversation, entry }) =>
    withTimeline(state, conversation, (line) => (line.newer && isNews(line.entries, entry) ? line : { ...line, entries: put(line.entries, entry) })),
  removed: (state, { conversation, id }) =>
    withTimeline(state, conversation, (line) => ({ ...line, entries: line.entries.filter((e) => e.id !== id) })),
  gone: (state, { conversation: id }) => without(state, id),
  group: (state, { id, group }) => ({ ...state, groups: { ...state.groups, [id]: group } }),
  link: (state, { link }) => ({ ...state, link }),
  clock: (state, { skew }) => ({ ...state, skew }),
  storage: (state, { code }) => ({ ...state, storage: code }),
  alarm: (state, { code, detail }) => ({ ...state, stop: { family: 'alarm', code, params: detail }, dialog: null }),
  exit: (state, { reason }) => ({ ...state, stop: { family: 'stop', code: reason ?? 'exit', params: {} }, dialog: null }),
  handover: (state) => state,
  typing: (state, { conversation, people }) => ({ ...state, typing: { ...state.typing, [conversation]: people } }),
  settings: (state, { settings }) => ({ ...state, settings }),
  erased: (state) => state,

  shown: (state, { id }) => {
    const line = state.timelines[id] ?? emptyTimeline;
    const unread = state.conversations[id]?.unread ?? 0;
    return { ...state, timelines: { ...state.timelines, [id]: place({ ...line, unread, unreadFrom: null }) } };
  },
  loading: (state, { id }) => withTimeline(state, id, (line) => ({ ...line, loading: true, failed: false })),
  page: (state, { id, page, way }) => withTimeline(state, id, (line) => withPage(line, page, way)),
  around: (state, { id, older, newer, target }) =>
    withTimeline(state, id, (line) => ({
      ...line, entries: [...older.entries, ...newer.entries], more: older.more, newer: newer.more, loaded: true, loading: false, failed: false, target,
    })),
  target: (state, { id, target }) => withTimeline(state, id, (line) => ({ ...line, loading: false, target })),
  'page-failed': (state, { id }) => withTimeline(state, id, (line) => ({ ...line, loading: false, failed: true })),
  forget: (state, { except }) => ({
    ...state,
    timelines: Object.fromEntries(Object.entries(state.timelines).filter(([id]) => id === except)),
  }),

  draft: (state, { id, text }) => {
    const composing = state.composing[id];
    if (composing?.kind === 'edit') return { ...state, composing: { ...state.composing, [id]: { ...composing, text } } };
    return { ...state, drafts: { ...state.drafts, [id]: text } };
  },
  // Until then what is written here stands: an event about the conversation may tell of a draft of a few letters ago.
  drafted: (state, { id, text }) => {
    const { [id]: mine, ...drafts } = state.drafts;
    const conversation = state.conversations[id];
    if (mine !== text || !conversation) return state;
    return { ...state, drafts, conversations: { ...state.conversations, [id]: { ...conversation, draft: text } } };
  },
  compose: (state, { id, composing }) => {
    const { [id]: _before, ...others } = state.composing;
    return { ...state, composing: composing ? { ...others, [id]: composing } : others };
  },
  found: (state, { found }) => ({ ...state, found }),
  // A group is shown once it was read anew: what moves while one presses on it is pressed wrongly.
  dialog: (state, { dialog }) => ({ ...state, dialog, groups: state.dialog === null && dialog?.kind === 'group' ? {} : state.groups }),
  contact: (state, { id, account, contact }) =>
    state.dialog?.kind === 'contact' && state.dialog.conversation === id && state.dialog.account === account
      ? { ...state, dialog: { ...state.dialog, contact, error: null } }
      : state,
  inspected: (state, { entry, inspection }) =>
    state.dialog?.kind === 'inspect' && state.dialog.entry.id === entry
      ? { ...state, dialog: { ...state.dialog, inspection, error: null } }
      : state,
  details: (state, { entry, versions, told }) =>
    state.dialog?.kind === 'details' && state.dialog.entry.id === entry ? { ...state, dialog: { ...state.dialog, versions, told, error: null } } : state,
  export: (state, { type: _type, ...change }) =>
    state.dialog?.kind === 'export' ? { ...state, dialog: { ...state.dialog, ...change, error: null } } : state,
  'dialog-busy': (state, { busy }) =>
    state.dialog && 'busy' in state.dialog ? { ...state, dialog: { ...state.dialog, busy } } : state,
  'dialog-failed': (state, { code }) =>
    state.dialog && 'error' in state.dialog ? { ...state, dialog: { ...state.dialog, error: code, ...('busy' in state.dialog && { busy: false }) } } : state,
  toast: (state, { toast }) => ({ ...state, toast }),
  update: (state, { next }) => ({ ...state, update: next }),
  dismiss: (state, { what }) => (what === 'clock' ? { ...state, skew: 0 } : { ...state, [what]: null }),
  preferences: (state, { preferences }) => ({ ...state, preferences }),
};

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  const reducer = /** @type {(state: State, action: Action) => State} */ (reducers[action.type]);
  return reducer ? reducer(state, action) : state;
}

/**
 * A conversation that is new or changed.
 * @param {State} state
 * @param {Conversation} conversation
 */
function withConversation(state, conversation) {
  const { id } = conversation;
  const next = { ...state, conversations: { ...state.conversations, [id]: conversation } };
  const found = state.seeking && activeConversation(next)?.id === id;
  return found ? { ...next, seeking: null } : next;
}

/**
 * @param {State} state
 * @param {string} id
 * @returns {State}
 */
function without(state, id) {
  /** @template T @param {Record<string, T>} from */
  const drop = (from) => Object.fromEntries(Object.entries(from).filter(([key]) => key !== id));
  return { ...state, conversations: drop(state.conversations), groups: drop(state.groups), timelines: drop(state.timelines), drafts: drop(state.drafts), composing: drop(state.composing) };
}

/**
 * @param {State} state
 * @param {string} id
 * @param {(line: Timeline) => Timeline} change
 */
function withTimeline(state, id, change) {
  const line = state.timelines[id];
  return line ? { ...state, timelines: { ...state.timelines, [id]: change(line) } } : state;
}

/**
 * @param {Timeline} line
 * @param {import('./contract.js').Page} page
 * @param {import('./model.js').Way} way
 * @returns {Timeline}
 */
function withPage(line, page, way) {
  const done = { ...line, loading: false, failed: false, loaded: true };
  if (way === 'newer') return { ...done, entries: merge(line.entries, page.entries), newer: page.more };
  if (way === 'older' || !line.loaded) return place({ ...done, entries: merge(line.entries, page.entries), more: page.more });
  const { entries, joined } = refresh(line.entries, page.entries);
  return place({ ...done, entries, newer: false, more: joined ? line.more : page.more });
}

/**
 * Gives the unread marker its place as soon as what is known reaches back to it.
 * @param {Timeline} line
 * @returns {Timeline}
 */
function place(line) {
  if (!line.loaded || line.newer || line.unread === null) return line;
  const unreadFrom = firstUnread(line.entries, line.unread);
  const settled = unreadFrom !== null || line.unread === 0 || !line.more;
  return { ...line, unreadFrom, unread: settled ? null : line.unread };
}
