// @ts-check
// Writing and reading: drafts, sending, and telling what was read.

import { codeOf } from './errors.js';
import { mentionsIn } from './mentions.js';
import { t } from './strings.js';
import { MAX_BYTES, byteLength, isBlank } from './text.js';

/** @template {import('./model.js').Verb['verb']} K @typedef {import('./verbs.js').Of<K>} Of */

/** A draft is stored when the typing pauses this long. */
const DRAFT_MS = 250;

/** Others are told at most so often that somebody writes. */
const TYPING_MS = 3000;

export class Writing {
  #app;
  #asking;
  /** What cancels the storing of a draft, by conversation. @type {Record<string, () => void>} */
  #pending = {};
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
    this.#pending[conversation]?.();
    this.#pending[conversation] = this.#app.ports.later(DRAFT_MS, () => this.#store(conversation, text));
  }

  /** @param {string} conversation @param {boolean} on */
  #tellTyping(conversation, on) {
    const { later, call } = this.#app.ports;
    const told = this.#typing[conversation];
    if (!this.#app.state.settings?.typing || on === (told !== undefined)) return;
    told?.();
    delete this.#typing[conversation];
    if (on) this.#typing[conversation] = later(TYPING_MS, () => delete this.#typing[conversation]);
    call('typing', { conversation, on }).catch(() => {});
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
    const composing = app.state.composing[conversation];
    this.#tellTyping(conversation, false);
    app.dispatch({ type: 'compose', id: conversation, composing: null });
    if (composing?.kind !== 'edit') this.#pending[conversation]?.();
    if (composing?.kind !== 'edit') app.dispatch({ type: 'draft', id: conversation, text: '' });
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
   * The stored draft goes only now: had the engine ended before it stored the
   * message, the draft were all that is left.
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
