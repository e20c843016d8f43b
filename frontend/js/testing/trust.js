// @ts-check
// What the fake engine tells of those one talks with, and the decisions about them.

import { contactOf } from './made.js';
import { plain } from './talk.js';

/** @typedef {import('./talk.js').Talk} Talk */

/**
 * @param {{
 *   store: import('./talk.js').Store,
 *   now: () => number,
 *   talk: (id: string) => Talk,
 *   tell: (talk: Talk) => void,
 *   begin: (handle: string, nth: string) => Talk,
 * }} engine
 */
export function trustOperations({ store, now, talk: talkOf, tell, begin }) {
  return {
    /** @param {{ conversation: string }} args */
    contact: ({ conversation }) => contactOf(talkOf(conversation), now()),
    /** @param {{ conversation: string, account: string }} args */
    member({ conversation, account }) {
      const talk = talkOf(conversation);
      const who = talk.people.find((m) => m.account === account);
      return contactOf(who ? { ...talk, ...who, changed: who.state === 'changed' } : talk, now());
    },
    /** @param {{ conversation: string, account: string, verified: boolean }} args */
    verifyMember({ conversation, account, verified }) {
      const talk = talkOf(conversation);
      for (const who of talk.people) if (who.account === account) who.verified = verified;
      for (const other of Object.values(store.talks)) if (other.account === account) other.verified = verified;
      tell(talk);
      return {};
    },
    /** @param {{ conversation: string, verified: boolean }} args */
    verify({ conversation, verified }) {
      const talk = talkOf(conversation);
      talk.verified = verified;
      tell(talk);
      return {};
    },
    /** @param {{ conversation: string }} args */
    accept({ conversation }) {
      const talk = talkOf(conversation);
      if (!talk.changed) return Promise.reject({ code: 'blocked', message: 'blocked' });
      talk.changed = false;
      talk.blocked = { code: 'superseded', detail: {} };
      tell(talk);
      const next = begin(talk.handle, '!');
      tell(next);
      return plain(next);
    },
  };
}
