// @ts-check
// The emoji picker. The focus stays in its search field, the arrow keys move
// through what is shown, Enter picks, Shift keeps the picker open.

import { GROUPS, recentEmoji, searchEmoji, toneOf, toned } from '../core/emoji.js';
import { t } from '../core/strings.js';
import { attr, el, say } from './dom.js';
import { nameField } from './field.js';
import { icon } from './icons.js';
import { createOptions } from './options.js';

/** @typedef {import('../core/emoji.js').Emoji} Emoji */
/** @typedef {{ emoji: string, name: string }} Choice */
/** @typedef {'recent' | typeof GROUPS[number]} Tab */

/** One emoji of each group, for its tab. */
const signs = { 0: '😀', 1: '👋', 3: '🐻', 4: '🍓', 5: '🚲', 6: '⚽', 7: '💡', 8: '❤️', 9: '🏁' };

/** With fewer recent emoji than this the picker opens with the first group. */
const FEW = 8;

const TONES = /** @type {const} */ ([0, 1, 2, 3, 4, 5]);
const HANDS = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'];

export class SottoEmoji extends HTMLElement {
  #services;
  /** @type {Emoji[]} */
  #all = [];
  /** @type {string[]} */
  #recent = [];
  /** Picked since the page was opened, newest last; not stored. @type {string[]} */
  #picked = [];
  /** @type {Tab} */
  #tab = 0;
  #tone = 0;
  /** What is shown. @type {Choice[]} */
  #shown = [];
  #search = nameField({
    type: 'search', 'aria-label': t('emoji.search'), placeholder: t('emoji.search'),
    oninput: () => this.#show(), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#options.key(e),
  });
  #options = createOptions(t('emoji.search'), this.#search, (i, { shiftKey }) => this.#pick(this.#shown[i]?.emoji ?? '', shiftKey), true);
  #tones = el('select', { class: 'tone', 'aria-label': t('emoji.tone'), title: t('emoji.tone'), onchange: () => this.#setTone() },
    ...TONES.map((tone) => el('option', { value: tone, 'aria-label': t(`emoji.tone.${tone}`) }, HANDS[tone] ?? '')));
  #tabs = el('div', { class: 'tabs', role: 'group', 'aria-label': t('emoji.groups') });
  #label = el('p', { class: 'label', 'aria-hidden': 'true' });
  #status = el('p', { class: 'status', role: 'status' });

  /** @param {{ loadEmoji: () => Promise<Emoji[]>, recentTexts: () => string[] }} services */
  constructor(services) {
    super();
    this.#services = services;
    this.setAttribute('role', 'dialog');
    this.setAttribute('aria-label', t('composer.emoji'));
    this.append(el('div', { class: 'head' }, this.#search, this.#tones), this.#tabs, this.#label, this.#options.list, this.#status);
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.dispatchEvent(new CustomEvent('close'));
    });
    this.addEventListener('focusout', (event) => this.#left(event.relatedTarget));
  }

  /** Loads what is needed and begins anew, with the focus in the search. */
  async open() {
    this.#search.value = '';
    this.#search.focus();
    this.#recent = recentEmoji([...this.#services.recentTexts(), ...this.#picked]);
    this.#tone ||= toneOf(this.#recent);
    this.#tones.value = String(this.#tone);
    this.#tab = this.#recent.length >= FEW ? 'recent' : 0;
    try {
      this.#all = await this.#services.loadEmoji();
      this.#show();
    } catch {
      say(this.#status, t('emoji.failed'));
    }
  }

  /** @returns {Choice[]} */
  #choices() {
    const query = this.#search.value.trim();
    /** @param {Emoji} e */
    const choice = (e) => ({ emoji: toned(e, this.#tone), name: e.name });
    if (query !== '') return searchEmoji(this.#all, query).map(choice);
    if (this.#tab !== 'recent') return this.#all.filter((e) => e.group === this.#tab).map(choice);
    const names = new Map(this.#all.flatMap((e) => [e.emoji, ...e.skins].map((emoji) => [emoji, e.name])));
    return this.#recent.map((emoji) => ({ emoji, name: names.get(emoji) ?? emoji }));
  }

  #show() {
    this.#shown = this.#choices();
    const searching = this.#search.value.trim() !== '';
    const label = this.#tab === 'recent' ? t('emoji.recent') : t(`emoji.group.${this.#tab}`);
    const { list } = this.#options;
    const n = this.#shown.length;
    attr(list, 'aria-label', searching ? t('emoji.search') : label);
    say(this.#label, searching ? t('switch.results', { n }) : label);
    say(this.#status, searching && n === 0 ? t('switch.none') : '');
    this.#options.show(this.#shown.map(({ emoji, name }) => el('button', { type: 'button', 'aria-label': name, title: name }, emoji)));
    list.scrollTop = 0;
    this.#showTabs(searching);
  }

  /** @param {boolean} searching */
  #showTabs(searching) {
    const tabs = /** @type {Tab[]} */ ([...(this.#recent.length > 0 ? ['recent'] : []), ...GROUPS]);
    if (this.#tabs.childElementCount !== tabs.length) {
      this.#tabs.replaceChildren(...tabs.map((tab) => this.#tabButton(tab)));
    }
    tabs.forEach((tab, i) => attr(/** @type {Element} */ (this.#tabs.children[i]), 'aria-pressed', !searching && tab === this.#tab ? 'true' : 'false'));
  }

  /** @param {Tab} tab */
  #tabButton(tab) {
    const words = tab === 'recent' ? t('emoji.recent') : t(`emoji.group.${tab}`);
    const choose = () => {
      this.#tab = tab;
      this.#search.value = '';
      this.#show();
      this.#search.focus();
    };
    return el('button', { type: 'button', 'aria-label': words, title: words, onclick: choose }, tab === 'recent' ? icon('clock') : signs[tab]);
  }

  #setTone() {
    this.#tone = Number(this.#tones.value);
    this.#show();
    this.#search.focus();
  }

  /** @param {string} emoji @param {boolean} stay */
  #pick(emoji, stay) {
    this.#picked.push(emoji);
    this.dispatchEvent(new CustomEvent('pick', { detail: { emoji, stay } }));
  }

  /**
   * Closes when the focus goes elsewhere.
   * @param {EventTarget | null} to
   */
  #left(to) {
    const within = to instanceof Node && (this.contains(to) || this.parentElement?.contains(to));
    if (!this.hidden && to !== null && !within) this.dispatchEvent(new CustomEvent('close'));
  }
}

customElements.define('sotto-emoji', SottoEmoji);
