// @ts-check
// The search for primes, made visible, with a histogram of how long it took.

import { attr, el, say, svg, tell } from './dom.js';
import { w } from './words.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').Search} Search */

/** Candidates that are drawn. */
const DRAWN = 240;

export class DemoSearch extends HTMLElement {
  #start = el('button', { type: 'button', class: 'button', onclick: () => tell(this, { ask: 'search', slow: this.#slow.checked }) }, w('search.start'));
  #stop = el('button', { type: 'button', class: 'button danger', onclick: () => tell(this, { ask: 'give-up' }) }, w('search.stop'));
  #slow = el('input', { type: 'checkbox' });
  #phase = el('p', { class: 'phase', role: 'status', 'data-testid': 'search' });
  #newest = el('code', { class: 'newest', dir: 'ltr' });
  #counts = el('p', { class: 'soft' });
  #strip = el('div', { class: 'strip', role: 'img', 'aria-label': w('search.candidates') });
  #chart = el('figure', el('figcaption', { class: 'soft' }));
  #subtle = el('p', { class: 'soft' });
  #live;

  constructor() {
    super();
    this.#live = el('div', { class: 'live' }, this.#newest, this.#strip, this.#counts);
    this.append(el('details', el('summary', el('h3', w('search.title'))),
      el('div', { class: 'inside' }, el('p', w('search.text')),
        el('div', { class: 'buttons' }, this.#start, this.#stop, el('label', { class: 'check' }, this.#slow, w('search.slow'))),
        this.#phase, this.#live, this.#chart, this.#subtle, el('p', { class: 'soft' }, w('search.honest')))));
  }

  /** @param {State} state */
  update({ search, ready, making }) {
    attr(this.#start, 'hidden', search.running);
    attr(this.#start, 'disabled', !ready || making !== null);
    attr(this.#stop, 'hidden', !search.running);
    attr(this.#live, 'hidden', search.fates === '');
    say(this.#phase, phase(search));
    say(this.#newest, search.newest && `${search.newest}…`);
    this.#draw(search.fates);
    const count = (/** @type {string} */ letter) => search.fates.split(letter).length - 1;
    say(this.#counts, [w('search.tried', { n: search.fates.length }), w('search.divided', { n: count('d') }), w('search.composite', { n: count('c') })].join(' · '));
    attr(this.#chart, 'hidden', search.times.length < 2);
    this.#histogram(search.times);
    const { subtle } = search;
    attr(this.#subtle, 'hidden', subtle.length === 0);
    if (subtle.length > 0) say(this.#subtle, w('search.subtle', { n: subtle.length, ms: Math.round(subtle.reduce((a, b) => a + b) / subtle.length) }));
  }

  /** @param {string} fates */
  #draw(fates) {
    const letters = fates.slice(-DRAWN);
    while (this.#strip.children.length > letters.length) this.#strip.lastElementChild?.remove();
    [...letters].forEach((letter, i) => {
      const cell = this.#strip.children[i] ?? this.#strip.appendChild(el('i'));
      attr(cell, 'class', letter);
    });
  }

  /** @param {number[]} times */
  #histogram(times) {
    const [caption] = this.#chart.children;
    if (caption) say(caption, w('search.histogram', { n: times.length }));
    this.#chart.querySelector('svg')?.remove();
    if (times.length < 2) return;
    const BINS = 10, WIDTH = 320, HEIGHT = 90;
    const top = Math.max(...times) * 1.001;
    const counts = Array(BINS).fill(0);
    for (const time of times) counts[Math.floor(time / top * BINS)] += 1;
    const most = Math.max(...counts);
    const bars = counts.map((n, i) => svg('rect', { class: 'bar', x: i * WIDTH / BINS + 1, width: WIDTH / BINS - 2, y: HEIGHT - n / most * 70 - 16, height: n / most * 70 }));
    const labels = [0, BINS / 2, BINS].map((i) => {
      const label = svg('text', { x: i * WIDTH / BINS, y: HEIGHT, 'text-anchor': i === 0 ? 'start' : i === BINS ? 'end' : 'middle' });
      label.textContent = String(Math.round(top * i / BINS));
      return label;
    });
    this.#chart.append(svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${w('search.histogram', { n: times.length })}: ${times.join(', ')}` }, ...bars, ...labels));
  }
}

/** @param {Search} search */
function phase({ running, which, ended }) {
  if (running) return w(which === 0 ? 'search.first' : 'search.second');
  if (!ended) return '';
  return ended.found ? w('search.found', { n: ended.candidates, ms: ended.milliseconds }) : w('search.given', { ms: ended.milliseconds });
}

customElements.define('demo-search', DemoSearch);
