// @ts-check
// The whole page: its head, its views, and what is wrong.

import { mark } from '../ui/icons.js';
import { attr, el, say, segments, tell } from './dom.js';
import { DemoAbout } from './demo-about.js';
import { DemoFigures } from './demo-figures.js';
import { DemoObject } from './demo-object.js';
import { DemoPlays } from './demo-plays.js';
import { DemoReproduce } from './demo-reproduce.js';
import { DemoSearch } from './demo-search.js';
import { DemoVectors } from './demo-vectors.js';
import { DemoWalk } from './demo-walk.js';
import { w, who } from './words.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').View} View */

const VIEWS = /** @type {const} */ (['walk', 'plays', 'reproduce', 'vectors', 'figures', 'about']);

export class DemoApp extends HTMLElement {
  #look = segments(w('look'), /** @type {const} */ ([['system', w('look.system')], ['light', w('look.light')], ['dark', w('look.dark')]]), (look) => tell(this, { ask: 'look', look }));
  #tabs = VIEWS.map((view) => el('button', { type: 'button', role: 'tab', id: `tab-${view}`, 'aria-controls': `view-${view}`, 'data-view': view, onclick: () => tell(this, { ask: 'view', view }) }, w(`view.${view}`)));
  #status = el('p', { class: 'status', role: 'status' });
  #fault = el('p', { class: 'fault', role: 'alert' });
  #subtle = el('p', { class: 'notice' }, w('missing.subtle'));
  #walk = [new DemoSearch(), new DemoWalk(), new DemoObject()];
  #others = { plays: new DemoPlays(), reproduce: new DemoReproduce(), vectors: new DemoVectors(), figures: new DemoFigures(), about: new DemoAbout() };
  /** @type {Map<View, HTMLElement>} */
  #views;

  constructor() {
    super();
    const [search, walk, object] = this.#walk;
    const content = { walk: /** @type {HTMLElement[]} */ ([walk, search, object]), ...Object.fromEntries(Object.entries(this.#others).map(([view, node]) => [view, [node]])) };
    this.#views = new Map(VIEWS.map((view) => [view, el('div', { role: 'tabpanel', id: `view-${view}`, 'aria-labelledby': `tab-${view}`, class: 'view' }, ...(/** @type {Record<string, HTMLElement[]>} */ (content)[view] ?? []))]));
    const list = el('div', { role: 'tablist', 'aria-label': w('views'), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e) }, ...this.#tabs);
    this.append(
      el('header', el('div', { class: 'brand' }, mark(), el('div', el('h1', w('title')), el('p', { class: 'soft' }, w('lead'), ' ', saved()))), this.#look.node),
      el('main', list, this.#subtle, this.#fault, this.#status, ...this.#views.values()));
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    const at = this.#tabs.findIndex((tab) => tab === document.activeElement);
    if (step === undefined || at < 0) return;
    e.preventDefault();
    const to = this.#tabs[(at + step + this.#tabs.length) % this.#tabs.length];
    to?.focus();
    to?.click();
  }

  /** @param {State} state */
  update(state) {
    const { view, fault, making, ready } = state;
    this.#look.show(state.look);
    for (const tab of this.#tabs) {
      const chosen = tab.dataset.view === view;
      attr(tab, 'aria-selected', String(chosen));
      attr(tab, 'tabindex', chosen ? 0 : -1);
    }
    for (const [name, node] of this.#views) attr(node, 'hidden', name !== view || !ready && name === 'walk');
    attr(this.#subtle, 'hidden', state.subtle);
    attr(this.#fault, 'hidden', fault === null);
    if (fault) say(this.#fault, fault.code === 'altered' ? w('missing.altered') : fault.code === 'start' ? w('missing.start', { why: fault.words }) : w('fault', { code: fault.code }));
    say(this.#status, ready || fault ? '' : making ? w('making', { who: who(making) }) : w('loading'));
    if (view === 'walk') for (const part of this.#walk) part.update(state);
    else this.#others[view].update(state);
    attr(this, 'data-ready', ready ? 'true' : null);
    attr(this, 'data-people', making === null ? 'all' : null);
  }
}

/** Where the page came from a server, the way to have it without one. */
function saved() {
  return location.protocol === 'file:' ? null : el('a', { href: '/sotto-demo.html', download: '' }, w('save'));
}

customElements.define('demo-app', DemoApp);
