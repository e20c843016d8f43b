// @ts-check
// What a person can ask for, and what is done about it.

import { codeOf } from './errors.js';
import { isHandle } from './handle.js';
import { handleFrom, hashOf } from './route.js';
import { placeOf, standsFor } from './state.js';
import { MAX_BYTES, byteLength, isBlank } from './text.js';
import { t } from './strings.js';

/** @typedef {import('./app.js').Core} Core */
/** @typedef {import('./model.js').Verb} Verb */
/** @template {Verb['verb']} K @typedef {Extract<Verb, { verb: K }>} Of */

/** A draft is stored when the typing pauses this long. */
const DRAFT_MS = 250;

/** How long something said in passing stays. */
const TOAST_MS = 6000;

/**
 * @param {Core} core
 * @returns {(verb: Verb) => void}
 */
export function createVerbs(core) {
  /** @type {{ [K in Verb['verb']]: (verb: Of<K>) => unknown }} */
  const table = {
    ...joining(core),
    ...writing(core),
    ...reading(core),
    ...dialogs(core),
    ...around(core),
  };
  return (verb) => {
    const act = /** @type {(verb: Verb) => unknown} */ (table[verb.verb]);
    void act(verb);
  };
}

/** @param {Core} core */
function joining(core) {
  const { ports, state, dispatch, arrive } = core;
  return {
    /** @param {Of<'join'>} verb */
    async join({ handle }) {
      if (state().join.busy) return;
      if (!isHandle(handle)) return dispatch({ type: 'join-failed', code: 'handle-invalid' });
      dispatch({ type: 'joining' });
      try {
        const me = await ports.call('join', { handle });
        dispatch({ type: 'joined', me });
        ports.remember.joined(true);
      } catch (err) {
        return dispatch({ type: 'join-failed', code: codeOf(err) });
      }
      return arrive();
    },
    /** @param {Of<'go'>} verb */
    go({ route }) {
      ports.navigate(hashOf(route));
    },
    /** @param {Of<'seek'>} verb */
    seek({ typed }) {
      const handle = handleFrom(typed);
      if (!isHandle(handle)) return;
      // A name that is known is looked up as well: it may stand for another account by now.
      if (standsFor(state().conversations, handle)) ports.call('open', { handle }).catch(() => {});
      ports.navigate(hashOf({ with: handle }));
    },
    'seek-again': () => arrive(),
  };
}

/** @param {Core} core */
function writing(core) {
  const { ports, state, dispatch } = core;
  /** @type {Record<string, () => void>} */
  const pending = {};

  /** @param {string} conversation @param {string} text */
  function store(conversation, text) {
    pending[conversation]?.();
    delete pending[conversation];
    ports.call('draft', { conversation, text }).catch(() => {});
  }

  return {
    /** @param {Of<'draft'>} verb */
    draft({ conversation, text }) {
      dispatch({ type: 'draft', id: conversation, text });
      pending[conversation]?.();
      pending[conversation] = ports.later(DRAFT_MS, () => store(conversation, text));
    },
    /** @param {Of<'send'>} verb */
    async send({ conversation, text }) {
      if (isBlank(text)) return;
      const size = byteLength(text);
      if (size > MAX_BYTES) {
        dispatch({ type: 'draft', id: conversation, text });
        return say(core, 'too-long', { size: kilobytes(size), limit: kilobytes(MAX_BYTES) });
      }
      pending[conversation]?.();
      dispatch({ type: 'draft', id: conversation, text: '' });
      try {
        const entry = await ports.call('send', { conversation, text, id: ports.newId() });
        dispatch({ type: 'entry', conversation, entry: newest(state, conversation, entry) });
      } catch (err) {
        if (!state().drafts[conversation]) dispatch({ type: 'draft', id: conversation, text });
        say(core, codeOf(err));
      }
      // Only now: had the engine ended before it stored the message, the draft were all that is left.
      store(conversation, state().drafts[conversation] ?? '');
    },
    /** @param {Of<'retry'>} verb */
    retry({ conversation, id }) {
      return attempt(core, ports.call('retry', { conversation, id }));
    },
    /** @param {Of<'discard'>} verb */
    discard({ conversation, id }) {
      return attempt(core, ports.call('discard', { conversation, id }));
    },
  };
}

/**
 * The answer to a send may come after events that are newer than it.
 * @param {Core['state']} state
 * @param {string} conversation
 * @param {import('./contract.js').Entry} entry
 */
function newest(state, conversation, entry) {
  return state().timelines[conversation]?.entries.find((e) => e.id === entry.id) ?? entry;
}

/** @param {Core} core */
function reading({ ports, load }) {
  /** @type {Record<string, number>} */
  const told = {};
  return {
    /** @param {Of<'older'>} verb */
    older({ conversation }) {
      return load(conversation, true);
    },
    /** @param {Of<'seen'>} verb */
    seen({ conversation, position }) {
      if (position <= (told[conversation] ?? 0)) return;
      told[conversation] = position;
      ports.call('read', { conversation, position }).catch(() => delete told[conversation]);
    },
  };
}

/** @param {Core} core */
function dialogs(core) {
  const { ports, state, dispatch } = core;
  /** @param {string} id */
  async function readContact(id) {
    try {
      dispatch({ type: 'contact', id, contact: await ports.call('contact', { conversation: id }) });
    } catch (err) {
      dispatch({ type: 'dialog-failed', code: codeOf(err) });
    }
  }

  /** @param {string} id @param {Promise<unknown>} change */
  async function decide(id, change) {
    dispatch({ type: 'dialog-busy', busy: true });
    await attempt(core, change);
    await readContact(id);
    dispatch({ type: 'dialog-busy', busy: false });
  }

  return {
    settings: () => dispatch({ type: 'dialog', dialog: { kind: 'settings' } }),
    invite: () => dispatch({ type: 'dialog', dialog: { kind: 'invite' } }),
    close: () => dispatch({ type: 'dialog', dialog: null }),
    /** @param {Of<'contact'>} verb */
    contact({ conversation }) {
      const dialog = { kind: /** @type {const} */ ('contact'), conversation, contact: null, error: null, busy: false };
      dispatch({ type: 'dialog', dialog });
      return readContact(conversation);
    },
    /** @param {Of<'verify'>} verb */
    verify({ conversation, verified }) {
      return decide(conversation, ports.call('verify', { conversation, verified }));
    },
    /** @param {Of<'accept'>} verb */
    accept({ conversation }) {
      return decide(conversation, ports.call('accept', { conversation }).then((accepted) => {
        dispatch({ type: 'conversation', conversation: accepted });
        if (accepted.id === conversation) return;
        dispatch({ type: 'dialog', dialog: null });
        ports.navigate(hashOf(placeOf(state(), accepted).route));
        void core.arrive();
      }));
    },
    /** @param {Of<'inspect'>} verb */
    async inspect({ conversation, entry }) {
      const dialog = { kind: /** @type {const} */ ('inspect'), conversation, entry, inspection: null, error: null };
      dispatch({ type: 'dialog', dialog });
      try {
        const inspection = await ports.call('inspect', { conversation, id: entry.id });
        dispatch({ type: 'inspected', entry: entry.id, inspection });
      } catch (err) {
        if (state().dialog?.kind === 'inspect') dispatch({ type: 'dialog-failed', code: codeOf(err) });
      }
    },
  };
}

/** @param {Core} core */
function around(core) {
  const { ports, dispatch } = core;
  return {
    connect: () => ports.call('connect', {}).catch(() => {}),
    /** @param {Of<'dismiss'>} verb */
    dismiss: ({ what }) => dispatch({ type: 'dismiss', what }),
    /** @param {Of<'toast'>} verb */
    toast: ({ code }) => say(core, code),
    /** @param {Of<'appearance'>} verb */
    appearance({ appearance }) {
      ports.remember.appearance(appearance);
      dispatch({ type: 'appearance', appearance });
    },
    /** @param {Of<'copy'>} verb */
    copy: ({ text, done }) => ports.copy(text).then(() => done(true), () => done(false)),
    /** @param {Of<'share'>} verb */
    share: ({ link }) => ports.share(link).catch(() => {}),
    reload: () => ports.reload(),
  };
}

/**
 * Waits for a call whose failure is only said.
 * @param {Core} core
 * @param {Promise<unknown>} call
 */
async function attempt(core, call) {
  try {
    await call;
  } catch (err) {
    say(core, codeOf(err));
  }
}

/**
 * Says what went wrong for a short while.
 * @param {Core} core
 * @param {string} code
 * @param {Record<string, string | number>} [params]
 */
function say({ ports, state, dispatch }, code, params = {}) {
  const toast = { code, params };
  dispatch({ type: 'toast', toast });
  ports.later(TOAST_MS, () => {
    if (state().toast === toast) dispatch({ type: 'toast', toast: null });
  });
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return t('error.size', { n: Math.ceil(bytes / 1024) });
}
