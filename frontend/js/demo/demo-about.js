// @ts-check
// What runs here: hashes, packages, and what is not as in the chat.

import { el, say } from './dom.js';
import { w } from './words.js';

const REBUILD = `go tool -modfile=build/tools.mod task demo
go run ./build/pack -engine | sha256sum    # this page's engine
sha256sum build/dist/a/*/sotto.wasm        # the chat's`;

/** @typedef {'about.limit.keys' | 'about.limit.private' | 'about.limit.server' | 'about.limit.store'} Limit */

export class DemoAbout extends HTMLElement {
  #verify = el('p');

  constructor() {
    super();
    const code = (/** @type {string} */ text, /** @type {string} */ testid) => el('dd', el('code', { dir: 'ltr', 'data-testid': testid }, text));
    const limits = /** @type {Limit[]} */ (['about.limit.keys', 'about.limit.private', 'about.limit.server', 'about.limit.store']);
    this.append(el('h2', w('view.about')), el('p', w('about.text')),
      el('dl',
        el('dt', w('about.demo')), code(__DEMO_SHA256__, 'demo-hash'),
        el('dt', w('about.chat')), code(__CHAT_SHA256__, 'chat-hash'),
        el('dt', w('about.build')), code(__BUILD__, 'build')),
      this.#verify, el('pre', { tabindex: 0, role: 'region', 'aria-label': w('about.commands'), dir: 'ltr' }, REBUILD),
      el('h3', w('about.limits')), el('ul', { class: 'limits' }, ...limits.map((key) => el('li', w(key)))),
      el('h3', w('about.packages')),
      el('div', { class: 'box', tabindex: 0, role: 'region', 'aria-label': w('about.packages') },
        el('table', el('tbody', ...__SHARED__.map((p) => el('tr', { 'data-package': p.name },
          el('th', { scope: 'row' }, p.name), el('td', w(p.chat ? 'about.shared' : 'about.alone')), el('td', el('code', { dir: 'ltr' }, p.sha256))))))));
  }

  /** @param {import('./state.js').State} state */
  update({ subtle }) {
    say(this.#verify, w(subtle ? 'about.verify' : 'about.unverified'));
  }
}

customElements.define('demo-about', DemoAbout);
