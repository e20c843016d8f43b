// @ts-check
// The state at the start, and what is read out of it.

import { LIST } from './route.js';
import { t } from './strings.js';

/** @typedef {import('./model.js').State} State */
/** @typedef {import('./model.js').Timeline} Timeline */
/** @typedef {import('./contract.js').Conversation} Conversation */

/**
 * @param {{ joined: boolean, preferences: State['preferences'] }} remembered whether an
 *   account was here when the page was last open: the first guess of what to show
 * @returns {State}
 */
export function initialState({ joined, preferences }) {
  return {
    phase: joined ? 'starting' : 'join',
    stop: null,
    me: null,
    connection: { state: 'connecting', retryAt: null, reason: null },
    skew: 0,
    storage: null,
    conversations: {},
    groups: {},
    timelines: {},
    drafts: {},
    composing: {},
    typing: {},
    settings: null,
    found: null,
    route: LIST,
    link: null,
    seeking: null,
    join: { busy: false, error: null, keys: 'none' },
    dialog: null,
    toast: null,
    preferences,
    update: null,
  };
}

/** @type {Timeline} */
export const emptyTimeline = {
  entries: [], more: false, newer: false, loaded: false, loading: false, failed: false, unread: null, unreadFrom: null, target: null,
};

/**
 * The conversation that the address names, once it is known.
 * @param {State} state
 * @returns {Conversation | null}
 */
export function activeConversation({ route, conversations }) {
  if (route.talk !== null) return conversations[route.talk] ?? null;
  return route.with === null ? null : standsFor(conversations, route.with);
}

/**
 * The conversation that a name stands for, where the name has had several
 * accounts: the one whose change was not decided yet, so that who claims the
 * name is not taken for who had it; else the one that was not superseded.
 * @param {State['conversations']} conversations
 * @param {string} handle
 * @returns {Conversation | null}
 */
export function standsFor(conversations, handle) {
  const rank = { 'identity-changed': 0, superseded: 2 };
  /** @param {Conversation} c */
  const rankOf = (c) => rank[/** @type {keyof typeof rank} */ (c.blocked?.code)] ?? 1;
  const named = Object.values(conversations).filter((c) => c.handle === handle);
  return named.sort((a, b) => rankOf(a) - rankOf(b) || b.activity - a.activity)[0] ?? null;
}

/**
 * What a conversation is called: as the other side, or as the group.
 * @param {Pick<Conversation, 'kind' | 'name' | 'handle'>} conversation
 */
export function nameOf({ kind, name, handle }) {
  return kind === 'group' ? name || t('group.unnamed') : handle;
}

/** Whether the other side is here now, and shares it. @param {Conversation} conversation */
export const isHere = ({ kind, account, online }) => kind === 'direct' && online.includes(account);

/** @param {State['typing'][string]} [people] who are writing */
export function typingWords(people = []) {
  return people.length === 0 ? '' : t('list.typing', { n: people.length, names: people.slice(0, 2).map((p) => p.handle).join(', ') });
}

/**
 * The dialog that is asked for, where it is of this kind.
 * @template {import('./model.js').Dialog['kind']} K
 * @param {State} state
 * @param {K} kind
 * @returns {(import('./model.js').Dialog & { kind: K }) | null}
 */
export function dialogOf({ dialog }, kind) {
  return dialog?.kind === kind ? /** @type {any} */ (dialog) : null;
}

/**
 * The address of a conversation, and whether its name stands for another one.
 * @param {State} state
 * @param {Conversation} conversation
 */
export function placeOf({ conversations }, { id, kind, handle }) {
  if (kind === 'group') return { route: { with: null, talk: id }, other: false };
  const other = standsFor(conversations, handle)?.id !== id;
  return { route: other ? { with: null, talk: id } : { with: handle, talk: null }, other };
}

/**
 * All whom this account talks with, by name.
 * @param {State} state
 */
export function peopleOf({ conversations }) {
  const direct = Object.values(conversations).filter((c) => c.kind === 'direct' && c.blocked?.code !== 'superseded');
  return direct.sort((a, b) => a.handle.localeCompare(b.handle));
}

/**
 * The pinned ones, then newest activity first.
 * @param {State} state
 */
export function sortedConversations(state) {
  return Object.values(state.conversations).sort(
    (a, b) => Number(b.pinned) - Number(a.pinned) || b.activity - a.activity || nameOf(a).localeCompare(nameOf(b)),
  );
}

/** What calls for attention: of a muted conversation only what names this account. @param {State} state */
export function unreadTotal(state) {
  return Object.values(state.conversations).reduce((sum, c) => sum + (c.muted ? c.mentions : c.unread || Number(c.marked)), 0);
}

/**
 * What stands in the composer.
 * @param {State} state
 * @param {Conversation} conversation
 */
export function draftOf(state, conversation) {
  const composing = state.composing[conversation.id];
  if (composing?.kind === 'edit') return composing.text;
  return state.drafts[conversation.id] ?? conversation.draft;
}
