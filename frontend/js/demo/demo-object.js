// @ts-check
// One object, byte by byte: hex, diagnostic notation, and the sentence that says
// what a byte is. Below, its bits can be turned.

import { toHex } from '../core/hex.js';
import { icon } from '../ui/icons.js';
import { SottoCopy } from '../ui/sotto-copy.js';
import { attack } from './attack.js';
import { attr, el, say, tell } from './dom.js';
import { nameOf } from './demo-walk.js';
import { explain } from './explain.js';
import { kindOf, kinds, lines, owners } from './lines.js';
import { maybe, partOf, w, who } from './words.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./contract.js').Object} Thing */
/** @typedef {import('./contract.js').Part} Part */

export class DemoObject extends HTMLElement {
  #title = el('h2');
  #about = el('p', { class: 'soft' });
  #none = el('p', { class: 'soft none' }, w('object.none'));
  #hex = el('div', {
    class: 'hex', tabindex: 0, role: 'slider', 'aria-label': w('object.hex'), 'aria-valuemin': 0, dir: 'ltr', 'data-testid': 'hex',
    onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e),
    onpointerover: (/** @type {Event} */ e) => this.#hover(e), onpointerleave: () => this.#light(null),
    onclick: (/** @type {Event} */ e) => this.#pick(e),
  });
  #diag = el('ol', { class: 'diag', dir: 'ltr', 'data-testid': 'diag', onpointerover: (/** @type {Event} */ e) => this.#hover(e), onpointerleave: () => this.#light(null) });
  #name = el('h3', { 'data-testid': 'part' });
  #range = el('p', { class: 'soft', 'data-testid': 'range' });
  #explain = explain('sentence');
  #copy = new SottoCopy();
  #attack = attack();
  #body;
  /** @type {Thing | null} */
  #thing = null;
  /** @type {Uint16Array<ArrayBufferLike>} */
  #owner = new Uint16Array();
  /** @type {HTMLElement[]} */
  #cells = [];
  /** @type {Map<number, HTMLElement[]>} */
  #lines = new Map();
  /** @type {number | null} */
  #lit = null;
  /** @type {State | null} */
  #state = null;

  constructor() {
    super();
    const save = el('button', { type: 'button', class: 'button quiet', onclick: () => this.#save() }, icon('down'), w('object.save'));
    const legend = el('ul', { class: 'legend', 'aria-label': w('object.legend') }, ...kinds.map((k) => el('li', el('span', { class: `swatch ${k}` }), maybe(`kind.${k}`))));
    this.#body = el('div', { class: 'object' },
      el('div', { class: 'head' }, el('div', this.#title, this.#about), el('div', { class: 'buttons' }, this.#copy, save)),
      el('div', { class: 'views' },
        el('section', el('h3', { class: 'soft' }, w('object.hex')), this.#hex, legend),
        el('section', el('h3', { class: 'soft' }, w('object.diag')), el('div', { class: 'box', tabindex: 0, role: 'region', 'aria-label': w('object.diag') }, this.#diag))),
      el('p', { class: 'soft hint' }, w('object.hint')),
      el('div', { class: 'below' }, el('section', { class: 'sentence' }, this.#name, this.#range, this.#explain.node), this.#attack.node));
    this.append(this.#none, this.#body);
  }

  /** @param {State} state */
  update(state) {
    this.#state = state;
    const { chosen } = state;
    attr(this.#none, 'hidden', chosen !== null);
    attr(this.#body, 'hidden', chosen === null);
    if (!chosen) {
      this.#thing = null;
      return;
    }
    if (chosen !== this.#thing) this.#build(chosen);
    this.#bytes(state);
    this.#mark(state.byte);
    this.#attack.update(state);
  }

  /** @param {Thing} thing */
  #build(thing) {
    this.#thing = thing;
    const [name, about] = nameOf(thing.id);
    say(this.#title, name);
    say(this.#about, [about, w('object.of', { who: who(thing.of) }), w('object.length', { n: thing.bytes.length })].filter(Boolean).join(' · '));
    this.#owner = owners(thing.parts, thing.bytes.length);
    this.#cells = Array.from(thing.bytes, (_, i) => el('span', { class: kindOf(thing.parts[this.#owner[i] ?? 0]?.label ?? ''), 'data-i': i }));
    this.#hex.replaceChildren(...this.#cells);
    attr(this.#hex, 'aria-valuemax', thing.bytes.length - 1);
    this.#lines.clear();
    this.#diag.replaceChildren(...lines(thing.parts).map((line) => {
      const part = /** @type {Part} */ (thing.parts[line.part]);
      const node = el('li', { 'data-part': line.part, class: `d${Math.min(line.depth, 9)}` }, line.closing
        ? el('span', line.text)
        : el('button', { type: 'button', class: kindOf(part.label), onclick: () => tell(this, { ask: 'byte', byte: part.start }) }, line.text, ' ', el('span', { class: 'soft' }, partOf(part.label).name)));
      this.#lines.set(line.part, [...this.#lines.get(line.part) ?? [], node]);
      return node;
    }));
    this.#lit = null;
    this.#show();
  }

  /** Brings what was chosen into view, where it would lie below the window. */
  #show() {
    if (this.getBoundingClientRect().top < innerHeight * 0.6) return;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.scrollIntoView({ block: 'center', behavior: still ? 'instant' : 'smooth' });
  }

  /** The bytes as they are now: some may be turned. @param {State} state */
  #bytes({ attack: turned, bits }) {
    const thing = /** @type {Thing} */ (this.#thing);
    const bytes = bits.length > 0 && turned?.object === thing.id ? turned.bytes : thing.bytes;
    const changed = new Set(bits.map((b) => b >> 3));
    this.#cells.forEach((cell, i) => {
      say(cell, (bytes[i] ?? 0).toString(16).padStart(2, '0'));
      cell.classList.toggle('turned', changed.has(i));
    });
    this.#copy.update({ text: toHex(bytes), words: w('object.copy') });
  }

  /** @param {number} byte */
  #mark(byte) {
    const thing = /** @type {Thing} */ (this.#thing);
    for (const cell of this.#hex.querySelectorAll('.at')) cell.classList.remove('at');
    this.#cells[byte]?.classList.add('at');
    const name = partOf(thing.parts[this.#owner[byte] ?? 0]?.label ?? '').name;
    attr(this.#hex, 'aria-valuenow', byte);
    attr(this.#hex, 'aria-valuetext', w('object.at', { n: byte, of: thing.bytes.length, hex: this.#cells[byte]?.textContent ?? '', name }));
    this.#light(null);
  }

  /** Lights a part up, or that of the chosen byte. @param {number | null} part */
  #light(part) {
    const thing = this.#thing;
    if (!thing || !this.#state) return;
    const now = part ?? this.#owner[this.#state.byte] ?? 0;
    const { label, start, end } = /** @type {Part} */ (thing.parts[now]);
    if (now !== this.#lit) {
      for (const node of this.querySelectorAll('.lit')) node.classList.remove('lit');
      for (let i = start; i < end; i++) this.#cells[i]?.classList.add('lit');
      for (const node of this.#lines.get(now) ?? []) node.classList.add('lit');
      this.#lit = now;
    }
    const { name, about } = partOf(label);
    say(this.#name, name);
    say(this.#range, `${end - start === 1 ? w('object.byte', { from: start }) : w('object.range', { from: start, to: end - 1 })} · ${w('object.length', { n: end - start })}`);
    this.#explain.show(about(this.#state.depth), this.#state.depth);
  }

  /** @param {Event} e */
  #hover(e) {
    const node = /** @type {HTMLElement} */ (e.target).closest('[data-i], [data-part]');
    if (!(node instanceof HTMLElement)) return;
    this.#light(node.dataset.part ? Number(node.dataset.part) : this.#owner[Number(node.dataset.i)] ?? 0);
  }

  /** @param {Event} e */
  #pick(e) {
    const node = /** @type {HTMLElement} */ (e.target);
    if (node.dataset.i) tell(this, { ask: 'byte', byte: Number(node.dataset.i) });
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const size = this.#thing?.bytes.length ?? 0;
    const byte = this.#state?.byte ?? 0;
    const row = Math.max(1, this.#row());
    const to = { ArrowRight: byte + 1, ArrowLeft: byte - 1, ArrowDown: byte + row, ArrowUp: byte - row, Home: 0, End: size - 1, PageDown: byte + 8 * row, PageUp: byte - 8 * row }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    const next = Math.max(0, Math.min(size - 1, to));
    tell(this, { ask: 'byte', byte: next });
    this.#cells[next]?.scrollIntoView({ block: 'nearest' });
  }

  /** How many bytes stand in a row. */
  #row() {
    const top = this.#cells[0]?.offsetTop;
    const second = this.#cells.findIndex((cell) => cell.offsetTop !== top);
    return second < 0 ? this.#cells.length : second;
  }

  #save() {
    const thing = /** @type {Thing} */ (this.#thing);
    const turned = this.#state?.attack?.object === thing.id ? this.#state.attack.bytes : thing.bytes;
    const url = URL.createObjectURL(new Blob([Uint8Array.from(turned)], { type: 'application/octet-stream' }));
    el('a', { href: url, download: `${thing.id}.bin` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

customElements.define('demo-object', DemoObject);
