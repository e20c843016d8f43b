// @ts-check
// Wires the engine, the application's state and the screen together.

import { App } from './core/app.js';
import { missing } from './core/environment.js';
import { parseRoute } from './core/route.js';
import { locale } from './core/strings.js';
import { Formatter } from './core/time.js';
import { takeLink, watchAddress } from './io/address.js';
import { createAttention } from './io/attention.js';
import { createBuilds } from './io/builds.js';
import { canShare, copy, share } from './io/clipboard.js';
import { loadEmoji } from './io/emoji.js';
import { createEngine, randomId } from './io/engine.js';
import { facts } from './io/environment.js';
import { createFile } from './io/file.js';
import { loadLanguage } from './io/language.js';
import { memory } from './io/memory.js';
import { createScreen } from './io/screen.js';
import { SottoApp } from './ui/sotto-app.js';

const remembered = memory.read();
const lacks = missing(facts());
const speaking = loadLanguage(remembered.preferences.language);
// First, so that the engine starts while words are fetched and the screen is built.
const engine = lacks === null ? createEngine((event) => void speaking.then(() => app.receive(event))) : null;
await speaking;

const root = new SottoApp({
  loadEmoji: () => loadEmoji(locale()), format: new Formatter(), now: Date.now, build: __BUILD__, share: canShare(),
});
const screen = createScreen(() => root.update(app.state));
const builds = createBuilds((next) => app.found(next), screen.navigate);

const app = new App(
  {
    call: (op, args) => (engine ? engine.call(op, args) : Promise.reject({ code: lacks, message: '' })),
    newId: randomId,
    later: screen.later,
    navigate: screen.navigate,
    copy,
    share,
    reload: () => location.reload(),
    file: createFile,
    erased() {
      memory.erase();
      history.replaceState(null, '', '#/');
      location.reload();
    },
    remember: memory,
    build: __BUILD__,
    builds,
    handed: builds.handed,
    attention: createAttention(builds.registration, (here) => app.here(here)),
    owns: () => engine?.owns ?? false,
  },
  remembered,
  screen.changed,
);

root.addEventListener('verb', (event) => {
  const { dialog, composing } = app.state;
  app.act(/** @type {CustomEvent} */ (event).detail);
  // What opens takes the focus before the next key comes, which is meant for it.
  if (app.state.dialog !== dialog || app.state.composing !== composing) screen.now();
});
watchAddress((route) => app.route(route), (link) => app.follow(link));
addEventListener('online', () => app.wake());
addEventListener('pagehide', () => {
  app.act({ verb: 'leave' });
  builds.hand(engine?.unanswered ?? []);
});
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && app.wake());
memory.watch((preferences) => app.prefer(preferences));

app.route(parseRoute(location.hash));
const link = takeLink();
if (link) app.follow(link);
root.update(app.state);
document.querySelector('.first-frame')?.remove();
document.body.prepend(root);
if (lacks === null) void app.boot().finally(builds.start);
else app.stop(lacks, { host: location.hostname });
