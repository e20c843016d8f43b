// @ts-check
// What the fake engine keeps of conversations, and what it shows of one.

import { firstSettings } from './device.js';

/** @typedef {import('../core/contract.js').Conversation} Conversation */
/** @typedef {import('../core/contract.js').Entry} Entry */
/** @typedef {import('../core/contract.js').Link} Link */
/** @typedef {import('../core/contract.js').Me} Me */
/** @typedef {import('../core/contract.js').Member} Member */
/** @typedef {Conversation & { entries: Entry[], head: number, seen: number, changed: boolean, people: Member[], links: Link[] }} Talk */
/** @typedef {ReturnType<typeof emptyStore>} Store */

/** What a fake engine keeps: plain data, to be stored by who wants to. */
export function emptyStore() {
  return {
    me: /** @type {Me | null} */ (null), talks: /** @type {Record<string, Talk>} */ ({}),
    settings: { ...firstSettings },
  };
}

/** What a conversation begins as. @type {Omit<Talk, 'id' | 'handle' | 'account' | 'activity' | 'entries' | 'people' | 'links'>} */
export const blank = {
  kind: 'direct', name: '', role: '', members: 2, waiting: false, ended: '', lost: '', last: null, unread: 0, draft: '',
  verified: false, delivered: 0, read: 0, blocked: null, muted: false, pinned: false, marked: false, mentions: 0, online: [], head: 0, seen: 0, changed: false,
};

/** @param {Talk} talk @returns {Conversation} */
export function plain(talk) {
  const { entries: _entries, head: _head, seen: _seen, changed: _changed, people: _people, links: _links, ...conversation } = talk;
  return { ...conversation };
}
