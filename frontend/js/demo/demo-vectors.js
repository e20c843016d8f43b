// @ts-check
// The test vectors, run in the page.

import { icon } from '../ui/icons.js';
import { attr, el, say, tell } from './dom.js';
import { w } from './words.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').FileResult} FileResult */

export class DemoVectors extends HTMLElement {
  #run = el('button', { type: 'button', class: 'button', onclick: () => tell(this, { ask: 'vectors' }) }, w('vectors.run'));
  #stop = el('button', { type: 'button', class: 'button quiet', onclick: () => tell(this, { ask: 'halt' }) }, w('vectors.stop'));
  #total = el('p', { role: 'status', class: 'total', 'data-testid': 'vectors' });
  #outside = el('p', { class: 'soft' });
  #list = el('div', { class: 'files' });
  /** @type {Map<string, { node: HTMLElement, words: HTMLElement, cases: HTMLElement, drawn: number }>} */
  #rows = new Map();

  constructor() {
    super();
    this.append(el('h2', w('view.vectors')), el('p', w('vectors.text')), el('div', { class: 'buttons' }, this.#run, this.#stop, this.#total), this.#list, this.#outside);
  }

  /** @param {State} state */
  update({ vectors, ready }) {
    attr(this.#run, 'disabled', !ready || vectors?.running === true);
    attr(this.#stop, 'hidden', vectors?.running !== true);
    if (!vectors) return;
    const n = vectors.files.reduce((sum, f) => sum + f.of, 0);
    const ok = vectors.files.reduce((sum, f) => sum + f.cases.filter((c) => c.ok).length, 0);
    say(this.#total, w('vectors.total', { ok, n }));
    attr(this.#total, 'data-done', vectors.running ? null : 'true');
    say(this.#outside, w('vectors.outside', { names: vectors.outside.join(', ') }));
    for (const file of vectors.files) this.#row(file);
  }

  /** @param {FileResult} file */
  #row(file) {
    let row = this.#rows.get(file.object);
    if (!row) {
      const words = el('span'), cases = el('ul');
      row = { node: el('details', el('summary', words), el('p', { class: 'soft' }, file.about), cases), words, cases, drawn: 0 };
      this.#rows.set(file.object, row);
      this.#list.append(row.node);
    }
    if (file.cases.length < row.drawn) {
      row.cases.replaceChildren();
      row.drawn = 0;
    }
    const bad = file.cases.some((c) => !c.ok);
    attr(row.node, 'class', bad ? 'bad' : file.cases.length === file.of ? 'good' : null);
    say(row.words, w('vectors.row', { object: file.object, ok: file.cases.filter((c) => c.ok).length, n: file.of }));
    for (const c of file.cases.slice(row.drawn)) {
      row.cases.append(el('li', { class: c.ok ? 'good' : 'bad' }, icon(c.ok ? 'check' : 'warning'), el('span', c.name),
        el('span', { class: 'soft' }, c.ok ? (c.outcome === 'ok' ? w('vectors.accept') : w('vectors.refuse', { outcome: c.outcome })) : w('vectors.bad', { said: c.said }))));
    }
    row.drawn = file.cases.length;
  }
}

customElements.define('demo-vectors', DemoVectors);
