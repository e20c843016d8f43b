// @ts-check
// The application between engine and screen: holds the state, turns what a
// person asks for (verbs) into calls, and what the engine says (events) into
// state. All I/O is passed in.

import { codeOf } from './errors.js';
import { reduce } from './reduce.js';
import { activeConversation, initialState } from './state.js';
import { createVerbs } from './verbs.js';

/** @typedef {import('./model.js').State} State */
/** @typedef {import('./model.js').Action} Action */
/** @typedef {import('./model.js').Verb} Verb */
/** @typedef {import('./contract.js').Call} Call */
/** @typedef {import('./contract.js').EngineEvent} EngineEvent */

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
 * @property {{ joined(yes: boolean): void, appearance(value: State['appearance']): void }} remember
 */

/**
 * What the parts of the application share.
 * @typedef {object} Core
 * @property {Ports} ports
 * @property {() => State} state
 * @property {(action: Action) => void} dispatch
 * @property {(id: string, older: boolean) => Promise<void>} load reads a page of a conversation
 * @property {() => Promise<void>} arrive goes to where the address points
 */

/** Entries asked of the engine at a time. */
const PAGE = 50;

/**
 * @param {Ports} ports
 * @param {{ joined: boolean, appearance: State['appearance'] }} remembered
 * @param {(state: State) => void} onChange
 */
export function createApp(ports, remembered, onChange) {
  let state = initialState(remembered);

  /** @param {Action} action */
  function dispatch(action) {
    const next = reduce(state, action);
    if (next === state) return;
    state = next;
    onChange(state);
  }

  /** @type {Core['load']} */
  async function load(id, older) {
    const line = state.timelines[id];
    if (!line || line.loading || (older && !line.more)) return;
    const before = older ? (line.entries.find((e) => e.position !== null)?.position ?? null) : null;
    dispatch({ type: 'loading', id });
    try {
      const page = await ports.call('history', { conversation: id, before, limit: PAGE });
      dispatch({ type: 'page', id, page, newest: !older });
    } catch {
      dispatch({ type: 'page-failed', id });
    }
  }

  /** @type {Core} */
  const core = { ports, state: () => state, dispatch, load, arrive: () => arrive() };
  const arrive = createArrival(core);
  const verbs = createVerbs(core);

  /** Asks the engine for what is there, and shows it. */
  async function boot() {
    try {
      const answer = await ports.call('boot', {});
      dispatch({ type: 'booted', boot: answer });
      ports.remember.joined(answer.me !== null);
      if (answer.me) await arrive();
      else await prepare(core);
    } catch (err) {
      if (!state.stop) dispatch({ type: 'stop', code: codeOf(err) });
    }
  }

  /** Another tab's engine answers now: what it may have missed is read again. */
  async function handover() {
    const active = activeConversation(state)?.id ?? null;
    dispatch({ type: 'forget', except: active });
    await boot();
    if (active !== null) await load(active, false);
  }

  return {
    state: () => state,
    boot,
    /** @param {string} code what the browser lacks */
    stop: (code, params = {}) => dispatch({ type: 'stop', code, params }),
    /** @type {(verb: Verb) => void} */
    act: verbs,
    /** @param {import('./model.js').Route} route now in the address */
    route(route) {
      dispatch({ type: 'route', route });
      if (state.phase === 'main') void arrive();
    },
    /** @param {EngineEvent} event */
    receive(event) {
      if (event.type === 'handover') return void handover();
      dispatch(event);
      // A name may stand for another conversation now.
      if (event.type === 'conversation' && activeConversation(state)) void arrive();
      const waits = state.seeking?.error === 'offline';
      if (event.type === 'connection' && event.state === 'online' && waits) void arrive();
      refreshContact(core, event);
    },
    /** @param {State['appearance']} appearance chosen in another tab */
    appearance: (appearance) => dispatch({ type: 'appearance', appearance }),
    /** The page came to the front, or the network is back. */
    wake() {
      if (state.phase === 'main' && state.connection.state !== 'online') void ports.call('connect', {}).catch(() => {});
    },
  };
}

/**
 * Makes the keys while the person types a name. A failure shows when they
 * join, which makes them then.
 * @param {Core} core
 */
async function prepare({ ports, dispatch }) {
  dispatch({ type: 'keys', keys: 'making' });
  try {
    await ports.call('prepare', {});
    dispatch({ type: 'keys', keys: 'ready' });
  } catch {
    dispatch({ type: 'keys', keys: 'none' });
  }
}

/**
 * Goes to where the address points: shows the conversation, or looks its
 * handle up first.
 * @param {Core} core
 */
function createArrival({ ports, state, dispatch, load }) {
  let shown = '';
  return async function arrive() {
    const { with: handle } = state().route;
    const conversation = activeConversation(state());
    if (conversation) {
      const fresh = shown !== conversation.id || !state().timelines[conversation.id];
      shown = conversation.id;
      if (fresh) dispatch({ type: 'shown', id: conversation.id });
      if (!state().timelines[conversation.id]?.loaded) await load(conversation.id, false);
      return;
    }
    shown = '';
    if (handle === null) return;
    dispatch({ type: 'seeking', handle });
    try {
      const found = await ports.call('open', { handle });
      dispatch({ type: 'conversation', conversation: found });
    } catch (err) {
      dispatch({ type: 'seek-failed', handle, code: codeOf(err) });
      return;
    }
    if (state().route.with === handle) await arrive();
  };
}

/**
 * Keeps an open contact panel true to its conversation.
 * @param {Core} core
 * @param {EngineEvent} event
 */
function refreshContact({ ports, state, dispatch }, event) {
  const { dialog } = state();
  if (event.type !== 'conversation' || dialog?.kind !== 'contact') return;
  const { id } = event.conversation;
  if (dialog.conversation !== id) return;
  ports.call('contact', { conversation: id }).then(
    (contact) => dispatch({ type: 'contact', id, contact }),
    () => {},
  );
}
