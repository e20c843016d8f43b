// @ts-check
// The frame of the application: decides which screen is shown.

import { activeConversation, unreadTotal } from '../core/state.js';
import { t } from '../core/strings.js';
import { arrange, attr, el } from './dom.js';
import { mark } from './icons.js';
import { SottoBanner } from './sotto-banner.js';
import { SottoContact } from './sotto-contact.js';
import { SottoConversation } from './sotto-conversation.js';
import { SottoCreate } from './sotto-create.js';
import { SottoDelete } from './sotto-delete.js';
import { SottoDetails } from './sotto-details.js';
import { SottoErase } from './sotto-erase.js';
import { SottoExport } from './sotto-export.js';
import { SottoGroup } from './sotto-group.js';
import { SottoInspect } from './sotto-inspect.js';
import { SottoJoin } from './sotto-join.js';
import { SottoKeys } from './sotto-keys.js';
import { SottoReact } from './sotto-react.js';
import { SottoSeek } from './sotto-seek.js';
import { SottoSettings } from './sotto-settings.js';
import { SottoShare } from './sotto-share.js';
import { SottoSidebar } from './sotto-sidebar.js';
import { SottoStop } from './sotto-stop.js';
import { SottoSwitch } from './sotto-switch.js';
import { SottoToast } from './sotto-toast.js';
import { SottoWelcome } from './sotto-welcome.js';

/** @typedef {import('../core/model.js').State} State */
/** @typedef {import('../core/time.js').Formatter} Formatter */

/**
 * What the elements need from outside.
 * @typedef {object} Services
 * @property {() => Promise<import('../core/emoji.js').Emoji[]>} loadEmoji
 * @property {Formatter} format
 * @property {() => number} now
 * @property {string} build
 * @property {boolean} share whether the device can share a link
 */

export class SottoApp extends HTMLElement {
  #services;
  #banner;
  #join = new SottoJoin();
  #sidebar = new SottoSidebar();
  #splash = el('div', { class: 'splash' }, mark());
  #welcome = new SottoWelcome();
  #seek = new SottoSeek();
  #conversation;
  #pane = el('div', { class: 'pane' });
  #main = el('main', el('h1', { class: 'sr' }, t('app.name')));
  /** Each shows itself while it is asked for. */
  #dialogs;
  #keys = new SottoKeys();
  #toast = new SottoToast();
  #stop = new SottoStop();

  /** @param {Services} services */
  constructor(services) {
    super();
    this.#services = services;
    this.#banner = new SottoBanner(services.build);
    this.#conversation = new SottoConversation(services);
    this.#dialogs = [new SottoContact(), new SottoCreate(), new SottoGroup(), new SottoInspect(), new SottoSettings(services), new SottoShare(), new SottoSwitch(),
      this.#keys, new SottoReact(services), new SottoDelete(), new SottoDetails(), new SottoExport(), new SottoErase()];
    this.append(this.#main, ...this.#dialogs, this.#toast);
    this.#keys.listen(() => this.dataset.view !== 'join' && this.dataset.stopped === undefined);
    this.addEventListener('focusin', ({ target }) => (this.#focused = target instanceof Element ? target : null));
  }

  /** What has the focus, or had it last. @type {Element | null} */
  #focused = null;
  /** The conversation that was shown, to return the focus to its line in the list. */
  #left = '';

  /** @param {State} state */
  update(state) {
    showTheme(state.preferences.appearance);
    document.title = title(state);
    attr(this, 'data-stopped', state.stop !== null);
    if (state.stop) this.#stop.update({ stop: state.stop });
    // First, as the focus that a closing dialog gives back may go on to somewhere else.
    const { format, now, share } = this.#services;
    for (const dialog of this.#dialogs) dialog.update({ state, format, now: now(), share });
    this.#showMain(state);
    this.#toast.update({ toast: state.toast });
    this.#keepFocus();
  }

  /** @param {State} state */
  #showMain(state) {
    const active = state.phase === 'main' && !state.stop ? activeConversation(state) : null;
    const left = active === null ? this.#left : '';
    this.#left = active?.id ?? '';
    if (left !== '') this.#conversation.leave();
    arrange(this, [state.stop ? this.#stop : this.#main, ...this.#dialogs, this.#toast]);
    if (state.stop) return;
    const heading = /** @type {Element} */ (this.#main.firstElementChild);
    this.#banner.update({ state });
    attr(this, 'data-view', view(state));
    if (state.phase === 'join') {
      arrange(this.#main, [heading, this.#banner, this.#join]);
      this.#join.update({ join: state.join, invitedBy: state.route.with, link: state.link !== null });
      return;
    }
    const { format, now } = this.#services;
    this.#sidebar.update({ state, active: active?.id ?? null, now: now(), format });
    arrange(this.#main, [heading, this.#banner, this.#sidebar, this.#pane]);
    arrange(this.#pane, [this.#showPane(state, active)]);
    if (left !== '' && document.activeElement === document.body) this.#sidebar.focusOn(left);
  }

  /**
   * @param {State} state
   * @param {import('../core/contract.js').Conversation | null} active
   */
  #showPane(state, active) {
    const { format, now, share } = this.#services;
    if (active) {
      // In the page before it is updated: its scroll position needs a layout.
      arrange(this.#pane, [this.#conversation]);
      this.#conversation.update({ state, conversation: active, now: now(), format });
      return this.#conversation;
    }
    if (state.seeking && state.me) {
      this.#seek.update({ ...state.seeking, link: state.me.link, share });
      return this.#seek;
    }
    if (state.phase === 'starting' || state.me === null || state.route.with !== null) return this.#splash;
    this.#welcome.update({ me: state.me, share, first: Object.keys(state.conversations).length === 0 });
    return this.#welcome;
  }

  /** Where what had the focus is gone, the next best thing gets it: someone without a pointer is never lost. */
  #keepFocus() {
    if (document.activeElement !== document.body || !this.#focused || this.#focused.checkVisibility()) return;
    const best = ['sotto-conversation sotto-composer:not([hidden]) textarea', '.pane .standing button', '.pane input:not([readonly])', 'sotto-who input', '.pane button', 'sotto-list a'];
    const next = best.map((selector) => this.querySelector(selector)).find((node) => node?.checkVisibility());
    if (next instanceof HTMLElement) next.focus();
  }
}

/**
 * What a narrow page shows, where only one pane fits.
 * @param {State} state
 */
function view(state) {
  if (state.phase === 'join') return 'join';
  if (state.route.with !== null || state.seeking || activeConversation(state)) return 'pane';
  return Object.keys(state.conversations).length === 0 ? 'welcome' : 'list';
}

/** @param {State} state */
function title(state) {
  const n = unreadTotal(state);
  return n > 0 ? t('title.unread', { n }) : t('app.name');
}

/** @param {State['preferences']['appearance']} appearance */
function showTheme(appearance) {
  attr(document.documentElement, 'data-theme', appearance === 'system' ? null : appearance);
}

customElements.define('sotto-app', SottoApp);
