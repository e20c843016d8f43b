// @ts-check
// What stands above the conversations: no connection, a wrong clock, a full
// disk, another version of the application.

import { firstOf, t } from '../core/strings.js';
import { duration } from '../core/time.js';
import { button, signButton } from './button.js';
import { el, emit, say } from './dom.js';
import { icon } from './icons.js';

/** @typedef {import('../core/model.js').State} State */

export class SottoBanner extends HTMLElement {
  #offlineWords = el('span', { role: 'status' });
  #countdown = el('span', { class: 'countdown', 'aria-hidden': 'true' });
  #now = button('button small quiet', () => emit(this, { verb: 'connect' }), t('connection.now'));
  #offline = el('div', { class: 'strip', 'data-kind': 'offline', hidden: true }, icon('cloud'), el('p', this.#offlineWords, ' ', this.#countdown), this.#now);
  #clock = strip(this, 'clock', 'clock');
  #storage = strip(this, 'warning', 'storage');
  #update = strip(this, 'retry', 'update', button('button small', () => emit(this, { verb: 'update' }), t('update.switch')));
  #build;
  /** @type {State['connection'] | null} */
  #connection = null;
  /** The connection was lost, and is not back yet. */
  #lost = false;
  #timer = 0;

  /** @param {string} build that runs */
  constructor(build) {
    super();
    this.#build = build;
    this.append(this.#offline, this.#clock.node, this.#storage.node, this.#update.node);
  }

  /** @param {{ state: State }} noun */
  update({ state }) {
    const { connection, skew, storage, me, update } = state;
    this.#connection = connection;
    if (connection.state === 'online') this.#lost = false;
    if (connection.state === 'offline') this.#lost = me !== null;
    this.#offline.hidden = !this.#lost;
    say(this.#offlineWords, this.#lost ? offlineWords(connection) : '');
    this.#tick();
    this.#clock.show(skew === 0 ? null : clockWords(skew));
    this.#storage.show(storage === null ? null : t(`storage.${storage}`));
    const words = this.#lost ? 'update.needed' : 'update.ready';
    this.#update.show(update === null ? null : t(words, { current: this.#build, next: update }));
  }

  /** Shows the time to the next attempt, second by second. */
  #tick() {
    clearTimeout(this.#timer);
    const { state, retryAt } = this.#connection ?? { state: 'online', retryAt: null };
    const left = (retryAt ?? 0) - Date.now();
    const counts = this.#lost && state === 'offline' && left > 0;
    this.#now.hidden = state !== 'offline';
    say(this.#countdown, counts ? t('connection.next', { time: duration(left) }) : '');
    if (counts) this.#timer = setTimeout(() => this.#tick(), left % 1000 || 1000);
  }
}

/** @param {State['connection']} connection */
function offlineWords({ state, reason }) {
  if (state === 'connecting') return t('connection.connecting');
  return firstOf([`connection.because.${reason}`], 'connection.offline');
}

/** @param {number} skew seconds */
function clockWords(skew) {
  return t(skew > 0 ? 'clock.ahead' : 'clock.behind', { time: duration(Math.abs(skew) * 1000) });
}

/**
 * @param {Element} host
 * @param {import('./icons.js').IconName} sign
 * @param {import('../core/model.js').Dismissed} what
 * @param {...HTMLElement} actions
 */
function strip(host, sign, what, ...actions) {
  const words = el('p', { role: what === 'update' ? 'status' : 'alert' });
  const hide = signButton('close', t('banner.dismiss'), { onclick: () => emit(host, { verb: 'dismiss', what }) });
  const node = el('div', { class: 'strip', 'data-kind': what, hidden: true }, icon(sign), words, ...actions, hide);
  return {
    node,
    /** @param {string | null} text */
    show(text) {
      node.hidden = text === null;
      say(words, text ?? '');
    },
  };
}

customElements.define('sotto-banner', SottoBanner);
