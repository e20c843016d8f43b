// @ts-check
// The scenarios, played on Sotto and on the usual scheme side by side.

import { icon } from '../ui/icons.js';
import { attr, el, say, tell } from './dom.js';
import { explain } from './explain.js';
import { plays as catalogue, results } from './plays.en.js';
import { actText, causeText, playText, w, who } from './words.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./contract.js').Act} Act */

/** @type {Readonly<Record<string, import('../ui/icons.js').IconName>>} */
const icons = { done: 'down', opened: 'check', fooled: 'warning', leaked: 'warning', refused: 'shield', stopped: 'shield', noticed: 'verified' };

export class DemoPlays extends HTMLElement {
  #title = el('h2');
  #explain = explain('play-text');
  #play = el('button', { type: 'button', class: 'button', onclick: () => tell(this, { ask: 'play' }) });
  #status = el('p', { class: 'soft', role: 'status', 'data-testid': 'played' });
  #ours = side(w('plays.ours'), '');
  #weak = side(w('plays.weak'), w('plays.weak.text'));
  #buttons = Object.keys(catalogue).map((name) => el('button', { type: 'button', 'data-play': name, onclick: () => tell(this, { ask: 'pick', play: name }) }, playText(name, 0).title));

  constructor() {
    super();
    this.append(
      el('nav', { 'aria-label': w('plays.choose') }, el('ul', ...this.#buttons.map((b) => el('li', b)))),
      el('div', { class: 'stage' }, this.#title, this.#explain.node, el('div', { class: 'buttons' }, this.#play, this.#status), el('div', { class: 'sides' }, this.#ours.node, this.#weak.node)));
  }

  /** @param {State} state */
  update({ play, played, acts, busy, making, depth }) {
    const text = playText(play, depth);
    say(this.#title, text.title);
    this.#explain.show(text.about, depth);
    for (const b of this.#buttons) attr(b, 'aria-current', b.dataset.play === play ? 'true' : null);
    say(this.#play, w(played ? 'plays.again' : 'plays.play'));
    attr(this.#play, 'disabled', busy || making !== null);
    const all = played ? Math.max(played.ours.length, played.weak.length) : 0;
    say(this.#status, making !== null ? w('making', { who: who(making) }) : !played ? w('plays.wait') : acts >= all ? w('plays.done') : '');
    this.#ours.show(played?.ours ?? [], acts, w('plays.ours'));
    this.#weak.show(played?.weak ?? [], acts, w(play === 'nonce' ? 'plays.lab' : 'plays.weak'));
  }
}

/** @param {string} name @param {string} about */
function side(name, about) {
  const title = el('h3', name);
  const list = el('ol');
  /** @type {readonly Act[]} */
  let drawn = [];
  return {
    node: el('section', title, about && el('p', { class: 'soft' }, about), list),
    /** @param {readonly Act[]} acts @param {number} n @param {string} words */
    show(acts, n, words) {
      say(title, words);
      if (drawn !== acts) {
        drawn = acts;
        list.replaceChildren();
      }
      for (const act of acts.slice(list.children.length, n)) list.append(card(act));
    },
  };
}

/** @param {Act} act */
function card(act) {
  const item = el('li', { class: act.result, 'data-act': act.key, 'data-result': act.result },
    icon(icons[act.result] ?? 'info'),
    el('div', el('p', el('strong', who(act.who)), ' ', sentence(actText(act.key, act.detail))),
      act.cause && el('p', { class: 'soft' }, `${act.cause}: ${causeText(act.cause)}`),
      act.words && el('p', el('code', { dir: 'ltr' }, act.words))),
    el('span', { class: 'badge' }, results[act.result] ?? act.result));
  return item;
}

/** Ends a sentence that ends with neither a stop nor a quotation. @param {string} text */
const sentence = (text) => (/[.”]$/.test(text) ? text : `${text}.`);

customElements.define('demo-plays', DemoPlays);
