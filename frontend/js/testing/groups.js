// @ts-check
// The groups of the fake engine: changes are done at once, as if the server
// had taken them. What others do in a group comes in through its hands.

/** @typedef {import('../core/contract.js').Entry} Entry */
/** @typedef {import('../core/contract.js').Member} Member */
/** @typedef {import('../core/contract.js').Link} Link */
/** @typedef {import('../core/contract.js').Me} Me */
/** @typedef {import('../core/contract.js').Sender} Sender */
/** @typedef {import('../core/contract.js').EngineEvent} EngineEvent */
/** @typedef {import('./talk.js').Talk} Talk */

import { blank, plain } from './talk.js';

/** @param {string} code @param {string} [about] */
const refuse = (code, about = '') => Promise.reject({ code, message: `${code}: ${about}` });

const DAY = 86_400_000;

/**
 * @param {{
 *   store: { me: Me | null, talks: Record<string, Talk> },
 *   event: (event: EngineEvent) => void,
 *   now: () => number,
 *   online: () => boolean,
 *   person: (handle: string) => Sender,
 *   say: (talk: Talk, entry: Entry) => void,
 *   tell: (talk: Talk) => void,
 *   link: () => string,
 * }} engine
 */
export function groupOperations({ store, event, now, online, person, say, tell, link }) {
  let count = 0;
  const fresh = () => (++count).toString(16).padStart(32, 'e');
  const me = () => store.me?.handle ?? '';

  /** @param {string} handle @param {Member['role']} [role] @returns {Member} */
  const member = (handle, role = 'member') => ({ ...person(handle), role, verified: false, you: handle === me(), left: false, state: '' });

  /** @param {string} id */
  const talkOf = (id) => {
    const talk = store.talks[id];
    if (!talk) throw { code: 'not-found', message: 'no such conversation' };
    return talk;
  };

  /** @param {Talk} talk @param {string} account */
  const memberOf = (talk, account) => {
    const found = talk.people.find((m) => m.account === account);
    if (!found) throw { code: 'not-found', message: 'no such member' };
    return found;
  };

  /** The line in the timeline that tells what somebody did. @param {Talk} talk @param {string} by @param {string} code @param {Record<string, string>} [detail] */
  const line = (talk, by, code, detail = {}) => {
    const position = ++talk.head;
    /** @type {Entry} */
    const entry = { id: `${talk.id}-${position}`, position, kind: 'notice', own: by === me(), sender: person(by), time: now(), notice: { code, detail: { by, ...detail } } };
    talk.entries.push(entry);
    const mine = talk.people.find((m) => m.you);
    talk.members = talk.people.length;
    talk.role = talk.ended ? '' : (mine?.role ?? '');
    say(talk, entry);
  };

  /** @param {Talk} talk */
  const admin = (talk) => talk.people.some((m) => m.you && m.role === 'admin');

  /** A group, of whom and made by whom. @param {string} name @param {string[]} handles @param {string} [by] */
  const create = (name, handles, by = me()) => {
    const id = fresh();
    /** @type {Talk} */
    const talk = { ...blank, id, kind: 'group', handle: '', account: '', name, activity: now(), entries: [], people: [], links: [] };
    store.talks[id] = talk;
    talk.people = [member(by, 'admin'), ...handles.filter((h) => h !== by).map((h) => member(h))];
    line(talk, by, by === me() ? 'created' : 'entered', { name });
    if (handles.length > 0) line(talk, by, 'added', { who: handles.join(', ') });
    return talk;
  };

  /** @param {Talk} talk @param {string} by @param {string[]} handles */
  const add = (talk, by, handles) => {
    talk.people.push(...handles.filter((h) => !talk.people.some((m) => m.handle === h)).map((h) => member(h)));
    line(talk, by, 'added', { who: handles.join(', ') });
  };

  /** @param {Talk} talk @param {string} by @param {string} handle */
  const remove = (talk, by, handle) => {
    talk.people = talk.people.filter((m) => m.handle !== handle);
    talk.links = [];
    if (handle === me()) talk.ended = 'removed';
    line(talk, by, handle === me() ? 'taken-out' : 'removed', { who: handle });
  };

  const operations = {
    /** @param {{ name: string, handles: string[] }} args */
    createGroup: ({ name, handles }) => {
      if (name.trim() === '') return refuse('name-invalid');
      if (!online()) return refuse('offline');
      if (handles.includes('nobody')) return refuse('unknown-handle', 'nobody');
      return plain(create(name, handles));
    },
    /** @param {{ conversation: string }} args */
    members: ({ conversation }) => {
      const talk = talkOf(conversation);
      return talk.kind === 'group' ? talk.people : [member(me()), { ...member(talk.handle), verified: talk.verified }];
    },
    /** @param {{ conversation: string, handles: string[] }} args */
    addMembers: ({ conversation, handles }) => {
      const talk = talkOf(conversation);
      if (!admin(talk)) return refuse('not-allowed');
      if (handles.includes('nobody')) return refuse('unknown-handle', 'nobody');
      add(talk, me(), handles);
      return {};
    },
    /** @param {{ conversation: string, account: string }} args */
    removeMember: ({ conversation, account }) => {
      const talk = talkOf(conversation);
      if (!admin(talk)) return refuse('not-allowed');
      remove(talk, me(), memberOf(talk, account).handle);
      return {};
    },
    /** @param {{ conversation: string, account: string, role: Member['role'] }} args */
    setRole: ({ conversation, account, role }) => {
      const talk = talkOf(conversation);
      if (!admin(talk)) return refuse('not-allowed');
      const who = memberOf(talk, account);
      if (role === 'member' && !talk.people.some((m) => m !== who && m.role === 'admin')) return refuse('last-admin');
      who.role = role;
      line(talk, me(), role === 'admin' ? 'promoted' : 'demoted', { who: who.handle });
      return {};
    },
    /** @param {{ conversation: string, name: string }} args */
    rename: ({ conversation, name }) => {
      const talk = talkOf(conversation);
      if (!admin(talk)) return refuse('not-allowed');
      if (name.trim() === '') return refuse('name-invalid');
      talk.name = name;
      line(talk, me(), 'renamed', { name });
      return {};
    },
    /** @param {{ conversation: string }} args */
    leave: ({ conversation }) => {
      const talk = talkOf(conversation);
      const stay = talk.people.filter((m) => !m.you);
      if (stay.length > 0 && !stay.some((m) => m.role === 'admin')) return refuse('last-admin');
      talk.ended = 'left';
      line(talk, me(), 'left', { who: me() });
      return {};
    },
    /** @param {{ conversation: string }} args */
    renewKeys: ({ conversation }) => {
      line(talkOf(conversation), me(), 'renewed');
      return {};
    },
    /** @param {{ conversation: string, days: number, uses: number }} args */
    makeLink: ({ conversation, days, uses }) => {
      const talk = talkOf(conversation);
      if (!admin(talk)) return refuse('not-allowed');
      if (talk.links.length >= 4) return refuse('too-many');
      const id = fresh();
      /** @type {Link} */
      const made = { id, url: `${link()}/#/join/${talk.id}.${id}${id.slice(0, 11)}`, expiry: now() + days * DAY, uses, used: 0, state: 'open' };
      talk.links.push(made);
      line(talk, me(), 'link-made');
      return made;
    },
    /** @param {{ conversation: string }} args */
    links: ({ conversation }) => talkOf(conversation).links,
    /** @param {{ conversation: string, link: string }} args */
    revokeLink: ({ conversation, link: id }) => {
      const talk = talkOf(conversation);
      talk.links = talk.links.filter((l) => l.id !== id);
      line(talk, me(), 'links-revoked');
      return {};
    },
    /** @param {{ url: string }} args */
    joinGroup: ({ url }) => {
      const id = /#\/join\/([0-9a-f]{32})\.[\w-]{43}$/.exec(url)?.[1];
      if (!id) return refuse('link-invalid');
      const talk = (store.talks[id] ??= { ...blank, id, kind: 'group', handle: '', account: '', members: 0, waiting: true, activity: now(), entries: [], people: [], links: [] });
      tell(talk);
      return plain(talk);
    },
    /** @param {{ conversation: string }} args */
    cancelJoin: ({ conversation }) => {
      delete store.talks[conversation];
      event({ type: 'gone', conversation });
      return {};
    },
  };

  return {
    operations, create, add, remove,
    /** Somebody lets this account in. @param {string} id @param {string} name @param {string} by */
    admit: (id, name, by) => {
      const talk = talkOf(id);
      Object.assign(talk, { waiting: false, name, people: [member(by, 'admin'), member(me())] });
      line(talk, by, 'entered');
    },
    /** Somebody writes. @param {string} id @param {string} handle @param {string} text */
    hear: (id, handle, text) => {
      const talk = talkOf(id);
      const position = ++talk.head;
      /** @type {Entry} */
      const entry = { id: `${talk.id}-${position}`, position, kind: 'message', own: false, sender: person(handle), time: now(), text };
      talk.entries.push(entry);
      talk.unread++;
      say(talk, entry);
    },
    /** Any line of the timeline. @param {string} id @param {string} by @param {string} code @param {Record<string, string>} [detail] */
    line: (id, by, code, detail) => line(talkOf(id), by, code, detail),
  };
}
