// @ts-check
// The state at the start, and what is read out of it.

import { errorText } from './strings.js';

/** @typedef {import('./model.js').State} State */
/** @typedef {import('./model.js').Timeline} Timeline */
/** @typedef {import('./contract.js').Conversation} Conversation */

/**
 * @param {{ joined: boolean, appearance: State['appearance'] }} remembered whether an
 *   account was here when the page was last open: the first guess of what to show
 * @returns {State}
 */
export function initialState({ joined, appearance }) {
  return {
    phase: joined ? 'starting' : 'join',
    stop: null,
    me: null,
    connection: { state: 'connecting', retryAt: null, reason: null },
    skew: 0,
    storage: null,
    conversations: {},
    timelines: {},
    drafts: {},
    route: null,
    seeking: null,
    join: { busy: false, error: null, keys: 'none' },
    dialog: null,
    toast: null,
    appearance,
  };
}

/** @type {Timeline} */
export const emptyTimeline = {
  entries: [], more: false, loaded: false, loading: false, failed: false, unread: null, unreadFrom: null,
};

/**
 * The conversation that the address names, once it is known.
 * @param {State} state
 * @returns {Conversation | null}
 */
export function activeConversation(state) {
  if (state.route === null) return null;
  return Object.values(state.conversations).find((c) => c.handle === state.route) ?? null;
}

/**
 * Newest activity first.
 * @param {State} state
 */
export function sortedConversations(state) {
  return Object.values(state.conversations).sort(
    (a, b) => b.activity - a.activity || a.handle.localeCompare(b.handle),
  );
}

/** @param {State} state */
export function unreadTotal(state) {
  return Object.values(state.conversations).reduce((sum, c) => sum + c.unread, 0);
}

/**
 * @param {State} state
 * @param {Conversation} conversation
 */
export function draftOf(state, conversation) {
  return state.drafts[conversation.id] ?? conversation.draft;
}

/** @param {NonNullable<State['toast']>} toast */
export function toastText({ code, params }) {
  return errorText(code, params);
}
