// @ts-check
// This browser's figures, Go in WebAssembly beside crypto.subtle.

import { attr, el, say, svg, tell } from './dom.js';
import { maybe, w } from './words.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./contract.js').Figure} Figure */

const WIDTH = 200;

/** @param {number} ns */
export function time(ns) {
  const [value, unit] = ns >= 1e6 ? [ns / 1e6, 'ms'] : [ns / 1e3, 'µs'];
  return `${value.toLocaleString('en', { maximumSignificantDigits: 3 })} ${unit}`;
}

export class DemoFigures extends HTMLElement {
  #run = el('button', { type: 'button', class: 'button', onclick: () => tell(this, { ask: 'figures' }) }, w('figures.run'));
  #stop = el('button', { type: 'button', class: 'button quiet', onclick: () => tell(this, { ask: 'halt' }) }, w('figures.stop'));
  #status = el('p', { class: 'soft', role: 'status', 'data-testid': 'figures' });
  #rows = el('dl');

  constructor() {
    super();
    this.append(el('h2', w('view.figures')), el('p', w('figures.text')), el('div', { class: 'buttons' }, this.#run, this.#stop, this.#status), this.#rows, el('p', { class: 'soft' }, w('figures.note')));
  }

  /** @param {State} state */
  update({ figures, ready, subtle }) {
    attr(this.#run, 'disabled', !ready || figures?.running === true);
    attr(this.#stop, 'hidden', figures?.running !== true);
    if (!figures) return;
    const done = figures.what.filter((what) => figures.rows[what]?.go && (figures.rows[what].subtle || !subtle)).length;
    say(this.#status, `${done} / ${figures.what.length}`);
    this.#rows.replaceChildren(...figures.what.filter((what) => figures.rows[what]).flatMap((what) => {
      const row = figures.rows[what] ?? {};
      const most = Math.max(row.go?.nanoseconds ?? 0, row.subtle?.nanoseconds ?? 0);
      return [el('dt', maybe(`figures.${what}`)), el('dd', { 'data-figure': what }, bar('go', row.go, most), bar('subtle', row.subtle, most))];
    }));
  }
}

/** @param {'go' | 'subtle'} side @param {Figure | undefined} figure @param {number} most */
function bar(side, figure, most) {
  if (!figure) return '';
  const width = Math.max(1, figure.nanoseconds / most * WIDTH);
  return el('div', { class: `row ${side}` }, el('span', { class: 'side' }, w(`figures.${side}`)),
    svg('svg', { viewBox: `0 0 ${WIDTH} 12`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, svg('rect', { width, height: 12, rx: 2 })),
    el('span', { class: 'value' }, el('strong', time(figure.nanoseconds)), ' ', el('span', { class: 'soft' }, w('figures.runs', { n: figure.runs }))));
}

customElements.define('demo-figures', DemoFigures);
