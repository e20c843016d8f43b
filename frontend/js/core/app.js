// @ts-check
// The application between engine and screen: holds the state, turns what a
// person asks for (verbs) into calls, and what the engine says (events) into
// state. All I/O is passed in.

import { noteOf } from './attention.js';
import { codeOf } from './errors.js';
import { Looking } from './looking.js';
import { reduce } from './reduce.js';
import { LIST, hashOf } from './route.js';
import { activeConversation, initialState, placeOf, unreadTotal } from './state.js';
import { createVerbs } from './verbs.js';

/** @typedef {import('./model.js').State} State */
/** @typedef {import('./model.js').Preferences} Preferences */
/** @typedef {import('./model.js').Action} Action */
/** @typedef {import('./model.js').Verb} Verb */
/** @typedef {import('./contract.js').Call} Call */
/** @typedef {import('./contract.js').EngineEvent} EngineEvent */

/** @typedef {{ op: 'draft' | 'send' | 'edit', args: any }} Handed a call, from one page to the next */

/**
 * The outside world, as the application needs it.
 * @typedef {object} Ports
 * @property {Call} call
 * @property {() => string} newId 16 random bytes in hex
 * @property {(ms: number, fn: () => void) => () => void} later runs fn after a time; returns what cancels it
 * @property {(hash: string) => void} navigate
 * @property {(text: string) => Promise<void>} copy
 * @property {(link: string) => Promise<void>} share
 * @property {() => void} reload
 * @property {() => { add(data: Uint8Array): void, save(name: string): void }} file collects a file, and hands it to the person
 * @property {() => void} erased forgets what is kept beside the engine, and begins anew
 * @property {string} build that runs
 * @property {{ look(): Promise<void>, switch(): Promise<void> }} builds
 * @property {() => Promise<Handed[]>} handed what the page before left unanswered
 * @property {import('./attention.js').Attention} attention
 * @property {() => boolean} owns whether this tab runs the engine
 * @property {{ joined(yes: boolean): void, prefer(preferences: Preferences): void }} remember
 */

/** Entries asked of the engine at a time. */
const PAGE = 50;

export class App {
  #state;
  #onChange;
  #act;
  #here = false;
  /** The conversation that the address led to last. */
  #shown = '';

  /**
   * @param {Ports} ports
   * @param {{ joined: boolean, preferences: Preferences }} remembered
   * @param {(state: State) => void} onChange
   */
  constructor(ports, remembered, onChange) {
    this.ports = ports;
    this.#state = initialState(remembered);
    this.#onChange = onChange;
    this.looking = new Looking(this);
    this.#act = createVerbs(this);
  }

  /** How things stand. */
  get state() {
    return this.#state;
  }

  /** @param {Action} action */
  dispatch(action) {
    const next = reduce(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    this.#onChange(next);
  }

  /**
   * Asks the engine for something whose failure nobody needs to know of.
   * @template {import('./contract.js').Op} K
   * @param {K} op
   * @param {import('./contract.js').Operations[K]['args']} args
   */
  tell(op, args) {
    this.ports.call(op, args).catch(() => {});
  }

  /**
   * Does what a person asked for.
   * @param {Verb} verb
   */
  act(verb) {
    this.#act(verb);
  }

  /** Asks the engine for what is there, and shows it. */
  async boot() {
    try {
      const [first, handed] = await Promise.all([this.ports.call('boot', {}), this.ports.handed()]);
      // Before anything else can be written.
      const boot = first.me && (await this.#resume(handed)) ? await this.ports.call('boot', {}) : first;
      this.dispatch({ type: 'booted', boot });
      this.ports.remember.joined(boot.me !== null);
      if (boot.me) await this.welcome();
      else await this.#prepare();
    } catch (err) {
      const theirs = /** @type {{ message?: string }} */ (err).message ?? '';
      if (!this.#state.stop) this.stop(codeOf(err), { mine: this.ports.build, theirs });
    }
  }

  /**
   * Asks again for what was written when the page before went away. What its engine did all the same is not done twice.
   * @param {Handed[]} handed
   */
  async #resume(handed) {
    for (const { op, args } of handed) {
      try {
        await this.ports.call(op, args);
        if (op === 'send') await this.ports.call('draft', { conversation: args.conversation, text: '' });
      } catch {
        // it was refused: an account or a conversation that is no more
      }
    }
    return handed.length > 0;
  }

  /** There is an account: what it has chosen is read, and whether the person is here is told. */
  async welcome() {
    this.ports.call('settings', {}).then((settings) => this.dispatch({ type: 'settings', settings }), () => {});
    this.#tellHere();
    await this.arrive();
  }

  /** @param {boolean} here whether the person is at one of the tabs */
  here(here) {
    if (here === this.#here) return;
    this.#here = here;
    this.#tellHere();
  }

  #tellHere() {
    if (this.#state.phase === 'main') this.tell('here', { here: this.#here });
  }

  /**
   * Ends everything, for a reason that has words.
   * @param {string} code
   * @param {Record<string, string>} [params]
   */
  stop(code, params = {}) {
    this.dispatch({ type: 'stop', code, params });
  }

  /**
   * Makes the keys while the person types a name. A failure shows when they
   * join, which makes them then.
   */
  async #prepare() {
    this.dispatch({ type: 'keys', keys: 'making' });
    try {
      await this.ports.call('prepare', {});
      this.dispatch({ type: 'keys', keys: 'ready' });
    } catch {
      this.dispatch({ type: 'keys', keys: 'none' });
    }
  }

  /** @param {import('./model.js').Route} route now in the address */
  route(route) {
    this.dispatch({ type: 'route', route });
    if (this.#state.link !== null) this.dispatch({ type: 'link', link: null });
    if (this.#state.phase === 'main') void this.arrive();
  }

  /**
   * Uses a link to a group, as soon as there is an account.
   * @param {string} link
   */
  follow(link) {
    this.dispatch({ type: 'route', route: LIST });
    this.dispatch({ type: 'link', link });
    if (this.#state.phase === 'main') void this.arrive();
  }

  /** @param {Partial<import('./model.js').Route>} route to go to, also from an address that is that already */
  leadTo(route) {
    this.ports.navigate(hashOf(route));
    this.route({ ...LIST, ...route });
  }

  /** Goes to where the address points: shows the conversation, or looks its handle up first. A link to a group comes before. */
  async arrive() {
    const { link } = this.#state;
    if (link !== null) return this.#enter(link);
    const conversation = activeConversation(this.#state);
    if (conversation) return this.#show(conversation.id);
    this.#shown = '';
    const handle = this.#state.route.with;
    if (handle !== null) await this.#seek(handle);
  }

  /** @param {string} id of the conversation the address names */
  async #show(id) {
    const fresh = this.#shown !== id || !this.#state.timelines[id];
    this.#shown = id;
    if (fresh) this.dispatch({ type: 'shown', id });
    if (fresh && this.#state.conversations[id]?.marked) this.tell('mark', { conversation: id, on: false });
    if (!this.#state.timelines[id]?.loaded) await this.load(id, 'newest');
  }

  /** @param {string} link */
  async #enter(link) {
    this.dispatch({ type: 'seeking', handle: '' });
    try {
      const conversation = await this.ports.call('joinGroup', { url: link });
      this.dispatch({ type: 'conversation', conversation });
      if (this.#state.link === link) this.leadTo({ talk: conversation.id });
    } catch (err) {
      this.dispatch({ type: 'seek-failed', handle: '', code: codeOf(err) });
    }
  }

  /** @param {string} handle */
  async #seek(handle) {
    this.dispatch({ type: 'seeking', handle });
    try {
      const conversation = await this.ports.call('open', { handle });
      this.dispatch({ type: 'conversation', conversation });
    } catch (err) {
      this.dispatch({ type: 'seek-failed', handle, code: codeOf(err) });
      return;
    }
    if (this.#state.route.with === handle) await this.arrive();
  }

  /**
   * Reads a page of a conversation.
   * @param {string} id
   * @param {import('./model.js').Way} way
   */
  async load(id, way) {
    const line = this.#state.timelines[id];
    if (!line || line.loading || (way === 'older' && !line.more) || (way === 'newer' && !line.newer)) return;
    const known = line.entries.flatMap((e) => e.position ?? []);
    const before = way === 'older' ? (known[0] ?? null) : null;
    const after = way === 'newer' ? known.at(-1) : undefined;
    this.dispatch({ type: 'loading', id });
    // What was asked for before the person went elsewhere belongs to no place now.
    const stale = () => this.#state.timelines[id]?.target !== line.target;
    try {
      const page = await this.ports.call('history', { conversation: id, before, ...(after !== undefined && { after }), limit: PAGE });
      if (stale()) return;
      this.dispatch({ type: 'page', id, page, way });
      if (way === 'newer' && !page.more) await this.load(id, 'newest'); // with what waits to be sent
    } catch {
      if (!stale()) this.dispatch({ type: 'page-failed', id });
    }
  }

  /**
   * Goes to a message, however far up it is.
   * @param {string} id of its conversation
   * @param {{ id: string | null, position: number | null }} place id null: the newest
   */
  async jump(id, { id: entry, position }) {
    const conversation = this.#state.conversations[id];
    if (!conversation) return;
    if (activeConversation(this.#state)?.id !== id) this.leadTo(placeOf(this.#state, conversation).route);
    const target = { id: entry };
    const line = this.#state.timelines[id];
    const here = entry === null ? !line?.newer : line?.entries.some((e) => e.id === entry);
    if (entry === null && !here) {
      this.dispatch({ type: 'target', id, target }); // what is on its way is not wanted any more
      await this.load(id, 'newest');
    }
    if (here || position === null) return this.dispatch({ type: 'target', id, target: { ...target } });
    try {
      const ask = { conversation: id, limit: PAGE / 2 };
      const [older, newer] = await Promise.all([
        this.ports.call('history', { ...ask, before: position + 1 }), this.ports.call('history', { ...ask, before: null, after: position }),
      ]);
      this.dispatch({ type: 'around', id, older, newer, target });
    } catch {
      this.dispatch({ type: 'page-failed', id });
    }
  }

  /** @param {EngineEvent} event */
  receive(event) {
    if (event.type === 'handover') return void this.#handover();
    if (event.type === 'erased') return this.ports.erased();
    const before = this.#state;
    this.dispatch(event);
    if (event.type === 'conversation') this.#attend(before.conversations[event.conversation.id], event.conversation);
    if (event.type === 'connection' && event.state !== 'connecting' && event.state !== before.connection.state) void this.ports.builds.look();
    // A name may stand for another conversation now.
    if (event.type === 'conversation' && activeConversation(this.#state)) void this.arrive();
    const waits = this.#state.seeking?.error === 'offline';
    if (event.type === 'connection' && event.state === 'online' && waits) void this.arrive();
    if (event.type === 'conversation') void this.looking.refresh(event.conversation.id);
    if (event.type === 'gone' && this.#state.route.talk === event.conversation) this.ports.navigate(hashOf(LIST));
  }

  /**
   * Tells of what is new where no tab is in front; the tab with the engine does, for all.
   * @param {import('./contract.js').Conversation | undefined} before
   * @param {import('./contract.js').Conversation} after
   */
  #attend(before, after) {
    const { attention, owns } = this.ports;
    attention.badge(unreadTotal(this.#state));
    const note = owns() ? noteOf(before, after, this.#state.preferences.notify) : null;
    if (note) void attention.tell(note, this.#state.preferences);
  }

  /** @param {string} next another build, which the server has */
  found(next) {
    this.dispatch({ type: 'update', next });
  }

  /** Another tab's engine answers now: what it may have missed is read again. */
  async #handover() {
    const active = activeConversation(this.#state)?.id ?? null;
    this.dispatch({ type: 'forget', except: active });
    await this.boot();
    if (active !== null) await this.load(active, 'newest');
  }

  /** @param {Preferences} preferences chosen here or in another tab */
  prefer(preferences) {
    this.dispatch({ type: 'preferences', preferences });
  }

  /** The page came to the front, or the network is back. */
  wake() {
    const { phase, connection } = this.#state;
    if (phase === 'main' && connection.state !== 'online') this.tell('connect', {});
  }
}
