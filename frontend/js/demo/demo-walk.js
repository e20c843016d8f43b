// @ts-check
// The walk: a step, its explanation, and three columns with what each has.

import { icon } from '../ui/icons.js';
import { SottoNumber } from '../ui/sotto-number.js';
import { attr, el, say, tell } from './dom.js';
import { explain } from './explain.js';
import { objects } from './objects.en.js';
import { maybe, stepText, w, who } from './words.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./contract.js').Object} Thing */
/** @typedef {import('./contract.js').Fact} Fact */

const PLACES = /** @type {const} */ (['alice', 'server', 'bob']);

/** What an object is called. @param {string} id */
export function nameOf(id) {
  const found = objects[id] ?? objects[id.replace(/^[^.]*\./, '')];
  return found ?? [id, ''];
}

export class DemoWalk extends HTMLElement {
  #title = el('h2', { 'aria-live': 'polite', 'data-testid': 'step' });
  #count = el('span', { class: 'soft count' });
  #back = el('button', { type: 'button', class: 'button quiet', onclick: () => this.#go(-1) }, icon('back'), w('step.back'));
  #next = el('button', { type: 'button', class: 'button', onclick: () => this.#go(1) }, w('step.next'));
  #play = el('button', { type: 'button', class: 'button quiet', onclick: () => tell(this, { ask: 'run', playing: !this.#state?.playing }) });
  #slow = el('input', { type: 'checkbox', onchange: () => tell(this, { ask: 'slow', slow: this.#slow.checked }) });
  #list = el('select', { class: 'input', 'aria-label': w('step.list'), onchange: () => tell(this, { ask: 'step', at: Number(this.#list.value) }) });
  #explain = explain('step-text');
  #columns = PLACES.map((place) => new Column(this, place));
  /** @type {State | null} */
  #state = null;
  #listed = '';

  constructor() {
    super();
    this.append(
      el('div', { class: 'bar' },
        el('div', { class: 'where' }, this.#count, this.#title),
        el('div', { class: 'buttons' }, this.#back, this.#next, this.#play, el('label', { class: 'check' }, this.#slow, w('step.slow')), this.#list)),
      this.#explain.node,
      el('div', { class: 'columns' }, ...this.#columns.map((c) => c.node)));
  }

  /** @param {number} by */
  #go(by) {
    tell(this, { ask: 'run', playing: false });
    tell(this, { ask: 'step', at: (this.#state?.at ?? 0) + by });
  }

  /** @param {State} state */
  update(state) {
    this.#state = state;
    const { steps, at, depth, playing } = state;
    const step = steps[at];
    const text = step ? stepText(step.id, depth) : { title: '', about: '' };
    const title = step?.who ? `${who(step.who)}: ${text.title}` : text.title;
    say(this.#count, w('step.at', { n: at + 1, of: steps.length }));
    say(this.#title, title);
    this.#explain.show(text.about, depth);
    attr(this.#back, 'disabled', at === 0);
    attr(this.#next, 'disabled', at >= steps.length - 1);
    say(this.#play, w(playing ? 'step.pause' : 'step.play'));
    attr(this.#play, 'aria-pressed', String(playing));
    this.#slow.checked = state.slow;
    this.#fill(state);
    for (const c of this.#columns) c.update(state);
  }

  /** @param {State} state */
  #fill({ steps, at }) {
    const listed = steps.map((s) => s.id + s.who).join();
    if (listed !== this.#listed) {
      this.#listed = listed;
      this.#list.replaceChildren(...steps.map((s, i) => el('option', { value: String(i) }, `${i + 1}. ${stepText(s.id, 0).title}`)));
    }
    this.#list.value = String(at);
  }
}

/** What one of the three has, up to the step. */
class Column {
  #place;
  #host;
  #items = el('ul');
  #empty = el('p', { class: 'soft' });
  #shown = '';
  /** @type {HTMLTextAreaElement | null} */
  #field = null;
  node;

  /** @param {DemoWalk} host @param {typeof PLACES[number]} place */
  constructor(host, place) {
    this.#place = place;
    this.#host = host;
    const name = place === 'server' ? w('column.server') : who(place);
    const scroll = el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name }, this.#empty, this.#items);
    this.node = el('section', { class: `column ${place}`, 'data-testid': `column-${place}` }, el('h3', icon(place === 'server' ? 'server' : 'shield'), name), scroll);
    if (place !== 'server') this.node.append(this.#form(place));
  }

  /** @param {string} place */
  #form(place) {
    const field = el('textarea', {
      class: 'input', rows: 1, maxlength: 4000, 'aria-label': w('write.label', { who: who(place) }), placeholder: w('write.label', { who: who(place) }),
      onkeydown: (/** @type {KeyboardEvent} */ e) => {
        if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
        e.preventDefault();
        form.requestSubmit();
      },
    });
    const form = el('form', {
      class: 'write', onsubmit: (/** @type {Event} */ e) => {
        e.preventDefault();
        const text = field.value.trim();
        if (text === '') return;
        field.value = '';
        tell(this.#host, { ask: 'say', from: place, text });
      },
    }, field, el('button', { class: 'button icon-only', 'aria-label': w('write.send') }, icon('send')));
    this.#field = field;
    return form;
  }

  /** @param {State} state */
  update(state) {
    if (this.#field) this.#field.disabled = !state.ready;
    const { steps, at, chosen } = state;
    const shown = `${steps.length} ${at} ${steps[0] ? [...state.objects.keys()].length : 0} ${chosen?.id}`;
    if (shown === this.#shown && steps === this.#steps) return;
    this.#shown = shown;
    this.#steps = steps;
    const items = [];
    for (const [i, step] of steps.slice(0, at + 1).entries()) {
      const now = i === at;
      for (const s of step.shows.filter((x) => x.at === this.#place)) {
        const thing = state.objects.get(s.object);
        if (thing) items.push(this.#card(thing, s.from, now, chosen?.id === thing.id));
      }
      for (const f of step.facts.filter((x) => x.at === this.#place)) items.push(fact(f, now));
    }
    say(this.#empty, items.length > 0 ? '' : w(this.#place === 'server' ? 'step.none' : 'step.empty'));
    this.#items.replaceChildren(...items);
    const box = /** @type {HTMLElement} */ (this.#items.parentElement);
    const first = this.#items.querySelector('.now');
    box.scrollTop = first instanceof HTMLElement ? Math.max(0, first.offsetTop - box.offsetTop - 8) : box.scrollHeight;
  }

  /** @type {readonly unknown[]} */
  #steps = [];

  /** @param {Thing} thing @param {string} from @param {boolean} now @param {boolean} chosen */
  #card(thing, from, now, chosen) {
    const [name, about] = nameOf(thing.id);
    const hint = [whose(thing), w('card.bytes', { n: thing.bytes.length }), from && w('card.from', { who: who(from) }), thing.secret && w('card.secret')].filter(Boolean).join(' · ');
    return el('li', { class: `${now ? 'now ' : ''}${from ? `from ${from}` : ''}` },
      el('button', {
        type: 'button', class: `card-button${thing.secret ? ' secret' : ''}${thing.type === 'weak' ? ' insecure' : ''}`, 'aria-pressed': String(chosen), title: about, 'data-object': thing.id,
        onclick: () => tell(this.#host, { ask: 'choose', object: thing.id }),
      }, icon(thing.secret ? 'lock' : thing.type === 'weak' ? 'warning' : 'info'), el('span', { class: 'words' }, el('strong', name), el('span', { class: 'soft' }, hint), el('code', { class: 'soft', dir: 'ltr' }, beginning(thing.bytes)))));
  }
}

/** @param {Thing} thing */
const whose = (thing) => (['alice', 'bob'].some((p) => thing.id.startsWith(`${p}.`)) ? who(thing.of) : '');

/** @param {Uint8Array} bytes */
const beginning = (bytes) => `${Array.from(bytes.subarray(0, 10), (b) => b.toString(16).padStart(2, '0')).join(' ')}…`;

/** @param {Fact} f @param {boolean} now */
function fact(f, now) {
  let value;
  if (f.key === 'number') {
    value = new SottoNumber();
    value.update({ number: f.value, label: maybe('fact.number') });
  } else value = f.key === 'text' ? el('p', { class: 'bubble', dir: 'auto' }, f.value) : el('code', { dir: 'ltr' }, f.value);
  return el('li', { class: `fact${now ? ' now' : ''}`, 'data-fact': f.key }, el('span', { class: 'soft' }, maybe(`fact.${f.key}`)), value);
}

customElements.define('demo-walk', DemoWalk);
