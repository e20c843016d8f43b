// @ts-check
// Writing and reading: drafts, sending, and telling what was read.

import { codeOf } from './errors.js';
import { mentionsIn } from './mentions.js';
import { t } from './strings.js';
import { MAX_BYTES, byteLength, isBlank } from './text.js';

/** @template {import('./model.js').Verb['verb']} K @typedef {import('./verbs.js').Of<K>} Of */

/** Others are told at most so often that somebody writes. */
const TYPING_MS = 3000;

export class Writing {
  #app;
  #asking;
  /** The draft that is stored next, while one is being stored, by conversation. @type {Record<string, string | null>} */
  #storing = {};
  /** What ends the time in which nobody is told again of writing, by conversation. @type {Record<string, () => void>} */
  #typing = {};
  /** Who can be mentioned, by conversation. @type {Record<string, import('./model.js').Named[]>} */
  #members = {};
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
    this.#tellTyping(conversation, !isBlank(text));
    if (this.#app.state.composing[conversation]?.kind === 'edit') return;
    void this.#store(conversation, text);
  }

  /** @param {string} conversation @param {boolean} on */
  #tellTyping(conversation, on) {
    const { later } = this.#app.ports;
    const told = this.#typing[conversation];
    if (!this.#app.state.settings?.typing || on === (told !== undefined)) return;
    told?.();
    delete this.#typing[conversation];
    if (on) this.#typing[conversation] = later(TYPING_MS, () => delete this.#typing[conversation]);
    this.#app.tell('typing', { conversation, on });
  }

  /** Begins a reply or an edit, or gives it up. @param {Of<'compose'>} verb */
  compose({ conversation, composing }) {
    this.#app.dispatch({ type: 'compose', id: conversation, composing });
  }

  /** @param {Of<'edit-last'>} verb */
  editLast({ conversation }) {
    const entry = this.#app.state.timelines[conversation]?.entries.findLast((e) => e.own && e.text !== undefined && !e.deleted && e.state !== 'failed');
    if (entry) this.compose({ verb: 'compose', conversation, composing: { kind: 'edit', entry, text: entry.text ?? '' } });
  }

  /** Who can be mentioned; read anew each time one begins to. @param {Of<'members'>} verb */
  async members({ conversation, done }) {
    done(await this.#readMembers(conversation));
  }

  /** @param {string} conversation */
  async #readMembers(conversation) {
    const { state, ports } = this.#app;
    const { kind, account, handle } = state.conversations[conversation] ?? {};
    try {
      const members = kind === 'group' ? await ports.call('members', { conversation }) : [{ account: account ?? '', handle: handle ?? '', you: false }];
      this.#members[conversation] = members.filter((m) => !m.you);
    } catch {
      // those known stay
    }
    return (this.#members[conversation] ??= []);
  }

  /**
   * Stores a draft at once: a page that goes away ends its engine, so whatever waits for a pause in the typing is lost
   * then. While one is being stored, the newest of those that come meanwhile waits.
   * @param {string} conversation
   * @param {string} text
   */
  async #store(conversation, text) {
    const busy = conversation in this.#storing;
    this.#storing[conversation] = text;
    if (busy) return;
    /** @type {string | null} */
    let next = text;
    while (next !== null) {
      this.#storing[conversation] = null;
      try {
        await this.#app.ports.call('draft', { conversation, text: next });
        this.#app.dispatch({ type: 'drafted', id: conversation, text: next });
      } catch {
        // it stays in the composer; the next letter tries again
      }
      next = this.#storing[conversation];
    }
    delete this.#storing[conversation];
  }

  /** The page goes away: what waits is asked for at once, so that it is among what the next page asks for again. */
  leave() {
    for (const [conversation, text] of Object.entries(this.#storing)) if (text !== null) this.#app.tell('draft', { conversation, text });
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
    const composing = app.state.composing[conversation];
    this.#tellTyping(conversation, false);
    app.dispatch({ type: 'compose', id: conversation, composing: null });
    if (composing?.kind !== 'edit') {
      if (conversation in this.#storing) this.#storing[conversation] = null; // no draft of it follows the message
      app.dispatch({ type: 'draft', id: conversation, text: '' });
    }
    if (text.includes('@')) this.#members[conversation] ?? (await this.#readMembers(conversation));
    const mentions = mentionsIn(text, this.#members[conversation] ?? []);
    const id = app.ports.newId();
    try {
      if (composing?.kind === 'edit') return await this.#edit(conversation, composing.entry, { text, mentions, id });
      const reply = composing && { reply: composing.entry.id };
      const entry = await app.ports.call('send', { conversation, text, id, ...reply, ...(mentions.length > 0 && { mentions }) });
      this.#sent(conversation, entry);
    } catch (err) {
      this.#asking.say(codeOf(err));
      if (app.state.drafts[conversation] || app.state.composing[conversation]) return;
      if (composing) this.compose({ verb: 'compose', conversation, composing: composing.kind === 'edit' ? { ...composing, text } : composing });
      if (composing?.kind !== 'edit') this.draft({ verb: 'draft', conversation, text });
    }
  }

  /**
   * @param {string} conversation
   * @param {import('./contract.js').Entry} entry
   * @param {{ text: string, mentions: import('./contract.js').Range[], id: string }} change
   */
  async #edit(conversation, entry, change) {
    if (change.text !== entry.text) await this.#app.ports.call('edit', { conversation, entry: entry.id, ...change });
  }

  /**
   * A stored draft that is not the message's beginning goes only now: had the
   * engine ended before it stored the message, the draft were all that is left.
   * @param {string} conversation
   * @param {import('./contract.js').Entry} entry
   */
  #sent(conversation, entry) {
    const { state } = this.#app;
    // Events that came before the answer are newer than it.
    const known = state.timelines[conversation]?.entries.some((e) => e.id === entry.id);
    if (state.timelines[conversation]?.newer) void this.#app.jump(conversation, { id: null, position: null });
    else if (!known) this.#app.dispatch({ type: 'entry', conversation, entry });
    const draft = state.drafts[conversation] ?? '';
    if (draft !== '') return;
    if (state.conversations[conversation]?.draft || conversation in this.#storing) void this.#store(conversation, '');
    else this.#app.dispatch({ type: 'drafted', id: conversation, text: '' });
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
