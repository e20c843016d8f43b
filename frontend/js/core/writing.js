// @ts-check
// Writing and reading: drafts, sending, and telling what was read.

import { codeOf } from './errors.js';
import { t } from './strings.js';
import { MAX_BYTES, byteLength, isBlank } from './text.js';

/** @template {import('./model.js').Verb['verb']} K @typedef {import('./verbs.js').Of<K>} Of */

/** A draft is stored when the typing pauses this long. */
const DRAFT_MS = 250;

export class Writing {
  #app;
  #asking;
  /** What cancels the storing of a draft, by conversation. @type {Record<string, () => void>} */
  #pending = {};
  /** How far the engine was told that was read. @type {Record<string, number>} */
  #told = {};

  /**
   * @param {import('./app.js').App} app
   * @param {import('./asking.js').Asking} asking
   */
  constructor(app, asking) {
    this.#app = app;
    this.#asking = asking;
  }

  /** @param {Of<'draft'>} verb */
  draft({ conversation, text }) {
    this.#app.dispatch({ type: 'draft', id: conversation, text });
    this.#pending[conversation]?.();
    this.#pending[conversation] = this.#app.ports.later(DRAFT_MS, () => this.#store(conversation, text));
  }

  /** @param {string} conversation @param {string} text */
  #store(conversation, text) {
    delete this.#pending[conversation];
    this.#app.ports.call('draft', { conversation, text }).catch(() => {});
  }

  /** @param {Of<'send'>} verb */
  async send({ conversation, text }) {
    const app = this.#app;
    if (isBlank(text)) return;
    const size = byteLength(text);
    if (size > MAX_BYTES) {
      this.draft({ verb: 'draft', conversation, text });
      return this.#asking.say('too-long', { size: kilobytes(size), limit: kilobytes(MAX_BYTES) });
    }
    this.#pending[conversation]?.();
    app.dispatch({ type: 'draft', id: conversation, text: '' });
    try {
      const entry = await app.ports.call('send', { conversation, text, id: app.ports.newId() });
      this.#sent(conversation, entry);
    } catch (err) {
      this.#asking.say(codeOf(err));
      if (!app.state.drafts[conversation]) this.draft({ verb: 'draft', conversation, text });
    }
  }

  /**
   * The stored draft goes only now: had the engine ended before it stored the
   * message, the draft were all that is left.
   * @param {string} conversation
   * @param {import('./contract.js').Entry} entry
   */
  #sent(conversation, entry) {
    const { state } = this.#app;
    // Events that came before the answer are newer than it.
    const known = state.timelines[conversation]?.entries.some((e) => e.id === entry.id);
    if (!known) this.#app.dispatch({ type: 'entry', conversation, entry });
    const draft = state.drafts[conversation] ?? '';
    if (draft === '' && state.conversations[conversation]?.draft) this.#store(conversation, '');
  }

  /** @param {Of<'seen'>} verb */
  seen({ conversation, position }) {
    if (position <= (this.#told[conversation] ?? 0)) return;
    this.#told[conversation] = position;
    this.#app.ports.call('read', { conversation, position }).catch(() => delete this.#told[conversation]);
  }
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return t('error.size', { n: Math.ceil(bytes / 1024) });
}
