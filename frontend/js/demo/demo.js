// @ts-check
// The demo's state and everything that changes it.

import { toHex } from '../core/hex.js';
import { commands } from './commands.js';
import { empty } from './empty.js';
import { start } from './engine.js';
import { makeKey } from './keys.js';
import { filled, unfold } from './vectors.js';
import { w } from './words.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').Ask} Ask */
/** @typedef {import('./contract.js').Call} Call */
/** @typedef {import('./contract.js').Pair} Pair */
/** @typedef {import('./contract.js').Journey} Journey */
/** @typedef {import('./contract.js').VectorFile} VectorFile */

/** How long a step or an act stands before the next one, in milliseconds. */
const PACE = { normal: 2200, slow: 6000, act: 700 };

export class Demo {
  state = empty();
  #changed;
  /** @type {Promise<Call>} */
  #engine;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #halt = false;
  /** @type {Promise<VectorFile[]> | null} */
  #files = null;
  /** Keys that Bob was enlisted with, to enlist him again with one that was found. @type {Pair[]} */
  #bob = [];

  /**
   * @param {Promise<Call>} engine
   * @param {() => void} changed
   */
  constructor(engine, changed) {
    this.#engine = engine;
    this.#changed = changed;
  }

  /** @param {Partial<State>} part */
  #set(part) {
    Object.assign(this.state, part);
    this.#changed();
  }

  /**
   * @template {import('./contract.js').Op} K
   * @param {K} op
   * @param {import('./contract.js').Operations[K]['args']} args
   */
  async #call(op, args) {
    const call = await this.#engine;
    return call(op, args);
  }

  /** @param {unknown} err */
  failed(err) {
    const { code = 'internal', message = '' } = /** @type {{ code?: string, message?: string }} */ (err ?? {});
    this.#set({ fault: { code, words: message }, busy: false, playing: false });
  }

  /** @param {import('./contract.js').DemoEvent} event */
  receive(event) {
    if (event.type === 'exit') this.#set({ fault: { code: event.reason === 'altered' ? 'altered' : 'start', words: '' } });
    if (event.type !== 'searched') return;
    const { search } = this.state;
    this.#set({ search: { ...search, which: event.which, fates: search.fates + event.fates, newest: toHex(event.number.subarray(0, 24)) } });
  }

  /** Makes the people's keys and walks the first time. */
  async begin() {
    try {
      await this.#enlist('alice');
      await this.#enlist('bob');
      await this.#walk();
      await this.#say('alice', w('write.first'), false);
      this.#set({ ready: true });
      await this.#enlist('mallory');
      this.#set({ making: null, plays: await this.#call('scenarios', {}) });
    } catch (err) {
      this.failed(err);
    }
  }

  /** @param {string} name */
  async #enlist(name) {
    this.#set({ making: name });
    const [sign, decrypt, next] = await this.#keys(name === 'bob' ? 3 : 2);
    if (!sign || !decrypt) return;
    if (next) this.#bob = [sign, decrypt, next];
    await this.#call('enlist', { name, sign, decrypt, next: next ?? null });
  }

  /**
   * The browser makes keys side by side; the engine searches for one at a time.
   * @param {number} n
   * @returns {Promise<Pair[]>}
   */
  async #keys(n) {
    if (this.state.subtle) return Promise.all(Array.from({ length: n }, () => this.#key()));
    const found = [];
    while (found.length < n) {
      const { p, q } = await this.#call('search', { slow: false });
      found.push({ p, q });
    }
    return found;
  }

  /** @returns {Promise<Pair>} */
  async #key() {
    const { p, q, milliseconds } = await makeKey();
    this.state.search.subtle.push(milliseconds);
    return { p, q };
  }

  async #walk() {
    const { objects, steps } = await this.#call('walk', {});
    this.#set({ objects: new Map(objects.map((o) => [o.id, o])), steps, at: 0, chosen: null, attack: null, bits: [], commands: null });
  }

  /** @param {string} from @param {string} text @param {boolean} go to its first step */
  async #say(from, text, go) {
    const { objects, steps } = await this.#call('say', { from, text });
    for (const o of objects) this.state.objects.set(o.id, o);
    const at = go ? this.state.steps.length : this.state.at;
    this.#set({ steps: [...this.state.steps, ...steps], at, commands: null });
  }

  /** @param {Ask} a */
  act(a) {
    this.#do(a).catch((err) => this.failed(err));
  }

  /** @param {Ask} a */
  async #do(a) {
    switch (a.ask) {
      case 'depth': return this.#set({ depth: a.depth });
      case 'look': return this.#look(a.look);
      case 'view': return this.#view(a.view);
      case 'step': return this.#step(a.at);
      case 'run': return this.#run(a.playing);
      case 'slow': return this.#set({ slow: a.slow });
      case 'choose': return this.#choose(a.object);
      case 'byte': return this.#set({ byte: a.byte });
      case 'turn': return this.#turn(a.bit);
      case 'restore': return this.#set({ bits: [], attack: null });
      case 'say': return this.#write(a.from, a.text);
      case 'search': return this.#search(a.slow);
      case 'give-up': return void await this.#call('stop', {});
      case 'pick': return this.#set({ play: a.play, played: null, acts: 0 });
      case 'play': return this.#play();
      case 'vectors': return this.#vectors();
      case 'figures': return this.#figures();
      case 'halt': this.#halt = true;
    }
  }

  /** @param {import('./state.js').Look} look */
  #look(look) {
    const root = document.documentElement;
    if (look === 'system') delete root.dataset.theme;
    else root.dataset.theme = look;
    this.#set({ look });
  }

  /** @param {import('./state.js').View} view */
  async #view(view) {
    this.#pause();
    this.#set({ view });
    if (view === 'reproduce' && this.state.commands === null && this.state.subtle) {
      this.#set({ commands: await commands(await this.#call('reproduce', {})) });
    }
  }

  #pause() {
    clearTimeout(this.#timer);
    if (this.state.playing) this.#set({ playing: false });
  }

  /** @param {number} at */
  #step(at) {
    const last = this.state.steps.length - 1;
    this.#set({ at: Math.max(0, Math.min(last, at)) });
  }

  /** @param {boolean} playing */
  #run(playing) {
    clearTimeout(this.#timer);
    const end = this.state.at >= this.state.steps.length - 1;
    this.#set({ playing, at: playing && end ? 0 : this.state.at });
    if (playing) this.#timer = setTimeout(() => this.#tick(), this.state.slow ? PACE.slow : PACE.normal);
  }

  #tick() {
    const last = this.state.steps.length - 1;
    if (this.state.at >= last) return this.#set({ playing: false });
    this.#step(this.state.at + 1);
    this.#run(this.state.at < last);
  }

  /** @param {string} id */
  #choose(id) {
    this.#set({ chosen: this.state.objects.get(id) ?? null, byte: 0, bits: [], attack: null });
  }

  /** @param {number} bit */
  async #turn(bit) {
    const { chosen, bits: before } = this.state;
    if (!chosen?.tried) return;
    const bits = before.includes(bit) ? before.filter((b) => b !== bit) : [...before, bit];
    this.#set({ bits });
    const attack = bits.length === 0 ? null : await this.#call('flip', { object: chosen.id, bits });
    if (this.state.chosen === chosen && this.state.bits === bits) this.#set({ attack });
  }

  /** @param {string} from @param {string} text */
  async #write(from, text) {
    this.#pause();
    await this.#say(from, text, true);
  }

  /** @param {boolean} slow */
  async #search(slow) {
    this.#set({ search: { ...this.state.search, running: true, slow, which: 0, fates: '', newest: '', ended: null } });
    const begun = performance.now();
    try {
      const { p, q, candidates, milliseconds } = await this.#call('search', { slow });
      const { search } = this.state;
      const times = slow ? search.times : [...search.times, milliseconds];
      this.#set({ search: { ...search, running: false, ended: { candidates, milliseconds, found: true }, times }, making: 'bob' });
      const [sign, , next = null] = this.#bob;
      await this.#call('enlist', { name: 'bob', sign: /** @type {Pair} */ (sign), decrypt: { p, q }, next });
      await this.#walk();
      await this.#say('alice', w('write.first'), false);
      this.#set({ making: null });
    } catch (err) {
      if (/** @type {{ code?: string }} */ (err).code !== 'given-up') throw err;
      const milliseconds = Math.round(performance.now() - begun);
      this.#set({ search: { ...this.state.search, running: false, ended: { candidates: this.state.search.fates.length, milliseconds, found: false } } });
    }
  }

  async #play() {
    clearTimeout(this.#timer);
    const name = this.state.play;
    this.#set({ busy: true, played: null, acts: 0 });
    const played = await this.#call('play', { name });
    if (this.state.play !== name) return this.#set({ busy: false });
    this.#set({ busy: false, played });
    const all = Math.max(played.ours.length, played.weak.length);
    const next = () => {
      if (this.state.played !== played || this.state.acts >= all) return;
      this.#set({ acts: this.state.acts + 1 });
      this.#timer = setTimeout(next, matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : PACE.act);
    };
    next();
  }

  async #vectors() {
    this.#halt = false;
    this.#files ??= start().inflate('vectors').then(unfold);
    const [files, judged] = await Promise.all([this.#files, this.#call('judged', {})]);
    const outside = files.map((f) => f.object).filter((o) => !judged.includes(o));
    /** @type {import('./state.js').FileResult[]} */
    const results = files.filter((f) => judged.includes(f.object)).map((f) => ({ object: f.object, about: f.about, cases: [], of: f.cases.length }));
    this.#set({ vectors: { running: true, files: results, outside } });
    for (const result of results) {
      const file = /** @type {VectorFile} */ (files.find((f) => f.object === result.object));
      for (const c of file.cases) {
        if (this.#halt) break;
        const { ok, said } = await this.#call('judge', { object: file.object, name: c.name, outcome: c.outcome, in: filled(file, c.in), out: filled(file, c.out ?? {}) });
        result.cases.push({ name: c.name, outcome: c.outcome, ok, said });
      }
      this.#set({ vectors: { running: true, files: results, outside } });
    }
    this.#set({ vectors: { running: false, files: results, outside } });
  }

  async #figures() {
    this.#halt = false;
    const what = await this.#call('measured', {});
    /** @type {NonNullable<State['figures']>['rows']} */
    const rows = {};
    this.#set({ figures: { running: true, what, rows } });
    for (const name of what) {
      for (const side of /** @type {const} */ (['go', 'subtle'])) {
        if (this.#halt || side === 'subtle' && !this.state.subtle) continue;
        const figure = await this.#call('measure', { what: name, subtle: side === 'subtle' });
        rows[name] = { ...rows[name], [side]: figure };
        this.#set({ figures: { running: true, what, rows } });
      }
    }
    this.#set({ figures: { running: false, what, rows } });
  }
}
