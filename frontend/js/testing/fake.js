// @ts-check
import { deviceOperations } from './device.js';
import { groupOperations } from './groups.js';
import { idOf, inspectionOf } from './made.js';
import * as said from './said.js';
import { blank, plain } from './talk.js';
import { trustOperations } from './trust.js';

// An engine of plain JavaScript that keeps the contract without any
// cryptography: for tests of what is in front of the engine. Others speak
// through what hear, deliver and the like.

/** @typedef {import('../core/contract.js').Conversation} Conversation */
/** @typedef {import('../core/contract.js').Entry} Entry */
/** @typedef {import('../core/contract.js').Me} Me */
/** @typedef {import('../core/contract.js').EngineEvent} EngineEvent */
/** @typedef {import('../core/contract.js').Member} Member */
/** @typedef {import('../core/contract.js').Link} Link */
/** @typedef {import('./talk.js').Talk} Talk */

/** Handles that nobody has, and that someone else has. */
const NOBODY = 'nobody';
const TAKEN = 'taken';

/** @param {string} code */
const refuse = (code) => Promise.reject({ code, message: code });

export class FakeEngine {
  online = true;
  failing = false;
  /** Each operation that was called, with its arguments. @type {[string, any][]} */
  calls = [];
  #store;
  #event;
  #now;
  #origin = 'http://localhost';
  #device;
  #trust;

  /**
   * @param {import('./talk.js').Store} store
   * @param {(event: EngineEvent) => void} event
   * @param {() => number} now
   */
  constructor(store, event, now) {
    this.#store = store;
    this.#event = event;
    this.#now = now;
    this.#device = deviceOperations(store, event, now);
    this.#trust = trustOperations({
      store, now,
      talk: (id) => this.#talk(id),
      tell: (talk) => this.#tell(talk),
      begin: (handle, nth) => this.begin(handle, nth),
    });
    /** What others do in groups, and the operations on them. */
    this.groups = groupOperations({
      store, event, now,
      online: () => this.online,
      person: (handle) => this.person(handle),
      say: (talk, entry) => this.#say(talk, entry),
      tell: (talk) => this.#tell(talk),
      link: () => this.#origin,
    });
  }

  /** An account of a handle. @param {string} handle */
  person(handle) {
    return { account: idOf(handle, 32), handle };
  }

  /**
   * @param {string} op
   * @param {any} args
   * @returns {Promise<any>}
   */
  async call(op, args) {
    this.calls.push([op, args]);
    /** @type {Record<string, (args: any) => any>} */
    const ops = {
      boot: (a) => this.#boot(a), prepare: () => ({}), join: (a) => this.#join(a), conversations: () => this.#conversations(),
      open: (a) => this.#open(a), history: (a) => this.#history(a), send: (a) => this.#send(a), retry: (a) => this.#retry(a),
      discard: (a) => this.#discard(a), read: (a) => this.#read(a), draft: (a) => this.#draft(a),
      ...this.groups.operations, ...this.#trust, inspect: (a) => inspectionOf(a.conversation, this.#entry(a.conversation, a.id)), connect: () => this.connect(),
      edit: (a) => this.#change(a, said.edit), react: (a) => this.#change(a, said.react), delete: (a) => this.#delete(a),
      versions: (a) => said.versions(this.#entry(a.conversation, a.id)), told: (a) => said.told(this.#talk(a.conversation), a.id),
      mute: (a) => this.#put(a, { muted: a.on }), pin: (a) => this.#put(a, { pinned: a.on }),
      mark: (a) => this.#put(a, { marked: a.on }), ...this.#device,
    };
    return structuredClone(await (ops[op]?.(args) ?? refuse('unknown-op')));
  }

  /** @param {{ origin?: string }} args */
  #boot({ origin }) {
    this.#origin = origin || this.#origin;
    return { me: this.#store.me, conversations: this.#conversations(), connection: this.#connection() };
  }

  #connection() {
    return { state: this.online ? 'online' : 'offline', retryAt: null, reason: null };
  }

  /** @param {{ handle: string }} args */
  #join({ handle }) {
    if (!this.online) return refuse('offline');
    if (handle === TAKEN) return refuse('handle-taken');
    this.#store.me = { handle, account: idOf(handle, 32), link: `${this.#origin}/#/with/${handle}` };
    return this.#store.me;
  }

  #conversations() {
    return Object.values(this.#store.talks).map(plain);
  }

  /** @param {string} id */
  #talk(id) {
    const talk = this.#store.talks[id];
    if (!talk) throw { code: 'bad-args', message: 'no such conversation' };
    return talk;
  }

  /** @param {{ handle: string }} args */
  #open({ handle }) {
    if (!this.online) return refuse('offline');
    if (handle === NOBODY) return refuse('unknown-handle');
    if (handle === this.#store.me?.handle) return refuse('self');
    return plain(this.begin(handle));
  }

  /**
   * The conversation with a handle, begun where there is none.
   * @param {string} handle
   * @param {string} [nth] marks another account under the same handle
   */
  begin(handle, nth = '') {
    const id = idOf(`with ${handle}${nth}`, 16);
    const talk = (this.#store.talks[id] ??= {
      ...blank, id, handle, account: idOf(handle + nth, 32), activity: this.#now(), entries: [], people: [], links: [],
    });
    if (talk.head === 0) this.notice(handle, 'opened', { by: 'me' }, nth);
    return talk;
  }

  /** @param {{ conversation: string, before: number | null, after?: number, limit: number }} args */
  #history({ conversation, before, after, limit }) {
    const { entries } = this.#talk(conversation);
    if (after !== undefined) {
      const newer = entries.filter((e) => e.position !== null && e.position > after);
      return { entries: newer.slice(0, limit), more: newer.length > limit };
    }
    const known = before === null ? entries : entries.filter((e) => e.position !== null && e.position < before);
    return { entries: known.slice(-limit), more: known.length > limit };
  }

  /** @param {import('../core/contract.js').Operations['send']['args']} args */
  #send({ conversation, text, id, reply, mentions }) {
    const talk = this.#talk(conversation);
    if (talk.blocked) return refuse('blocked');
    const known = talk.entries.find((e) => e.id === id);
    if (known) return known;
    if (talk.ended) return refuse('ended');
    const sender = this.#self();
    /** @type {Entry} */
    const entry = { id, position: null, kind: 'message', own: true, sender, time: this.#now(), text, state: 'waiting' };
    if (reply) entry.reply = said.replyTo(talk.entries.find((e) => e.id === reply));
    if (mentions?.length) entry.mentions = said.named(mentions, this.#handles());
    if (text.startsWith(talk.draft)) talk.draft = '';
    talk.entries.push(entry);
    this.#say(talk, entry);
    this.#flush(talk);
    return entry;
  }

  /** Hands the server what waits. @param {Talk} talk */
  #flush(talk) {
    if (!this.online) return;
    for (const entry of talk.entries.filter((e) => e.state === 'waiting')) {
      if (this.failing) Object.assign(entry, { state: 'failed', error: { code: 'limited' } });
      else Object.assign(entry, { state: 'sent', position: ++talk.head });
      this.#say(talk, entry);
    }
  }

  /**
   * Tells of an entry and of what it does to its conversation.
   * @param {Talk} talk
   * @param {Entry} entry
   * @param {boolean} [news] false: of a change to what was there
   */
  #say(talk, entry, news = true) {
    if (news) talk.activity = entry.time;
    const last = news || entry === talk.entries.findLast((e) => e.kind === 'message');
    if (entry.kind === 'message' && last) talk.last = { text: entry.text ?? '', time: entry.time, own: entry.own, sender: entry.sender.handle };
    this.#event({ type: 'entry', conversation: talk.id, entry: { ...entry } });
    this.#tell(talk);
  }

  /** @param {Talk} talk */
  #tell(talk) {
    this.#event({ type: 'conversation', conversation: plain(talk) });
  }

  #self() {
    return this.person(this.#store.me?.handle ?? '');
  }

  /** Handles by account. */
  #handles() {
    const { me, talks } = this.#store;
    const pairs = Object.values(talks).flatMap((t) => [t, ...t.people]).map((t) => [t.account, t.handle]);
    return /** @type {Record<string, string>} */ (Object.fromEntries(me ? [...pairs, [me.account, me.handle]] : pairs));
  }

  /** @param {string} conversation @param {string} id */
  #entry(conversation, id) {
    const entry = this.#talk(conversation).entries.find((e) => e.id === id);
    if (!entry) throw { code: 'not-found', message: 'no such entry' };
    return entry;
  }

  /**
   * What an account does to a message of its own, or with a reaction to any.
   * @param {any} args
   * @param {(entry: Entry, args: any, by: said.By) => void} change
   */
  #change(args, change) {
    const entry = this.#entry(args.conversation, args.entry);
    change(entry, args, { ...this.#self(), now: this.#now(), handles: this.#handles(), own: true });
    this.#say(this.#talk(args.conversation), entry, false);
    return entry;
  }

  /** @param {{ conversation: string, entry: string, id: string }} args */
  #delete(args) {
    const entry = this.#entry(args.conversation, args.entry);
    if (entry.position === null) return this.#discard({ conversation: args.conversation, id: args.entry });
    this.#change(args, said.remove);
    return {};
  }

  /** @param {{ conversation: string }} args @param {Partial<Talk>} change */
  #put({ conversation }, change) {
    const talk = this.#talk(conversation);
    Object.assign(talk, change);
    this.#tell(talk);
    return {};
  }

  /** @param {{ conversation: string, id: string }} args */
  #retry({ conversation, id }) {
    const talk = this.#talk(conversation);
    const entry = talk.entries.find((e) => e.id === id);
    if (entry) Object.assign(entry, { state: 'waiting', error: undefined });
    this.#flush(talk);
    return {};
  }

  /** @param {{ conversation: string, id: string }} args */
  #discard({ conversation, id }) {
    const talk = this.#talk(conversation);
    talk.entries = talk.entries.filter((e) => e.id !== id);
    this.#event({ type: 'removed', conversation, id });
    return {};
  }

  /** @param {{ conversation: string, position: number }} args */
  #read({ conversation, position }) {
    const talk = this.#talk(conversation);
    talk.seen = Math.max(talk.seen, position);
    talk.marked = false;
    talk.mentions = 0;
    talk.unread = talk.entries.filter((e) => !e.own && e.kind === 'message' && (e.position ?? 0) > talk.seen).length;
    this.#tell(talk);
    return {};
  }

  /** @param {{ conversation: string, text: string }} args */
  #draft({ conversation, text }) {
    const talk = this.#talk(conversation);
    talk.draft = text;
    this.#tell(talk);
    return {};
  }

  connect() {
    this.online = true;
    this.#event({ type: 'connection', state: 'online', retryAt: null, reason: null });
    for (const talk of Object.values(this.#store.talks)) this.#flush(talk);
    return {};
  }

  /** Any event. @param {EngineEvent} event */
  tell(event) {
    this.#event(event);
  }

  /** The connection is lost. @param {number | null} retryAt */
  disconnect(retryAt) {
    this.online = false;
    this.#event({ type: 'connection', state: 'offline', retryAt, reason: null });
  }

  /**
   * Someone writes.
   * @param {string} handle
   * @param {string} text
   * @param {number} [ago] milliseconds
   * @param {Partial<Entry>} [more] a reply, mentions
   */
  hear(handle, text, ago = 0, more = {}) {
    const talk = this.begin(handle);
    const position = ++talk.head;
    /** @type {Entry} */
    const entry = { id: `${talk.id}-${position}`, position, kind: 'message', own: false, sender: this.person(handle), time: this.#now() - ago, text, ...more };
    talk.entries.push(entry);
    talk.unread++;
    if (entry.mentions?.some((m) => m.account === this.#store.me?.account)) talk.mentions++;
    this.#say(talk, entry);
  }

  /**
   * The other side edits (text), deletes (null) or reacts to an entry.
   * @param {string} handle
   * @param {string} id of the entry
   * @param {{ text: string } | { emoji: string, on: boolean } | null} what
   */
  change(handle, id, what) {
    const talk = this.begin(handle);
    const entry = this.#entry(talk.id, id);
    const by = { ...this.person(handle), now: this.#now(), handles: this.#handles(), own: false };
    if (what === null) said.remove(entry, {}, by);
    else if ('text' in what) said.edit(entry, { text: what.text, mentions: [] }, by);
    else said.react(entry, what, by);
    this.#say(talk, entry, false);
  }

  /** The other side writes, or stops. @param {string} handle @param {boolean} on */
  write(handle, on) {
    const { id, account } = this.begin(handle);
    this.#event({ type: 'typing', conversation: id, people: on ? [{ account, handle, conversation: id }] : [] });
  }

  /** The other side comes or goes, and shares it. @param {string} handle @param {boolean} here */
  present(handle, here) {
    const talk = this.begin(handle);
    talk.online = here ? [talk.account] : [];
    this.#tell(talk);
  }

  /** @param {string} handle @param {string} code @param {Record<string, string>} detail @param {string} [nth] */
  notice(handle, code, detail, nth = '') {
    const talk = this.#store.talks[idOf(`with ${handle}${nth}`, 16)];
    if (!talk) return;
    const position = ++talk.head;
    /** @type {Entry} */
    const entry = { id: `${talk.id}-${position}`, position, kind: 'notice', own: false, sender: this.person(handle), time: this.#now(), notice: { code, detail } };
    talk.entries.push(entry);
    this.#say(talk, entry);
  }

  /** Sending is stopped. @param {string} handle @param {string} code */
  block(handle, code) {
    const talk = this.begin(handle);
    talk.blocked = { code, detail: {} };
    talk.changed = code === 'identity-changed';
    this.notice(handle, code, {});
  }

  /** The other side has received, or read, everything. @param {string} handle @param {boolean} read */
  deliver(handle, read) {
    const talk = this.begin(handle);
    talk.delivered = talk.head;
    if (read) talk.read = talk.head;
    this.#tell(talk);
  }
}
