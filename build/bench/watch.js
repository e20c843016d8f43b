// Runs in the application's page before its own scripts and notes when things were there, in milliseconds since the
// page was asked for.
globalThis.watch = (() => {
  const PATIENCE_MS = 60_000;

  /** Fails after a while with what the page shows instead. */
  const soon = (what, promise) =>
    new Promise((resolve, reject) => {
      promise.then(resolve, reject);
      const shown = () => document.body?.innerText.slice(0, 500);
      setTimeout(() => reject(new Error(`${what}: not after ${PATIENCE_MS} ms; the page shows: ${shown()}`)), PATIENCE_MS);
    });

  /** Resolves with the time when found() first holds, which a change of the page brings about. */
  const when = (what, found) =>
    soon(what, new Promise((resolve) => {
      const observer = new MutationObserver(look);
      function look() {
        if (!found()) return;
        observer.disconnect();
        resolve(performance.now());
      }
      observer.observe(document, { subtree: true, childList: true, attributes: true });
      look();
    }));

  const usable = (selector) => {
    const element = document.querySelector(selector);
    return element !== null && !element.disabled && element.checkVisibility();
  };

  // The engine is ready when it answers: it is asked for something that it has not, before the page asks anything. The
  // first thing that the page asks is what is stored.
  const engine = Object.fromEntries(['spawned', 'ready', 'booted'].map((step) => [step, Promise.withResolvers()]));
  globalThis.Worker = class extends Worker {
    constructor(...args) {
      engine.spawned.resolve(performance.now());
      super(...args);
      this.addEventListener('message', ({ data }) => {
        if (data.id === 'watch') engine.ready.resolve(performance.now());
        else if (data.ok) engine.booted.resolve(performance.now());
      });
      this.postMessage({ id: 'watch', op: 'no such operation', args: {} });
    }
  };

  return {
    /** A joined profile: until its conversation can be written in. */
    async composer() {
      const composer = await when('composer', () => usable('sotto-composer textarea'));
      const { spawned, ready, booted } = engine;
      return {
        spawned: await soon('worker', spawned.promise), ready: await soon('engine', ready.promise),
        booted: await soon('boot', booted.promise), composer,
      };
    },
    /** Until so many messages are on the screen. */
    async lines(count) {
      return (await when(`${count} messages`, () => document.querySelectorAll('sotto-message').length >= count)) > 0;
    },
    /** An empty profile: from the name's entry until a conversation can be started. */
    async join(handle, keysFirst) {
      await when('keys', () => usable('sotto-join input') && (!keysFirst || usable('sotto-join [data-state=ready]')));
      const input = document.querySelector('sotto-join input');
      input.value = handle;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      const entered = performance.now();
      input.form.requestSubmit();
      return (await when('welcome', () => usable('sotto-welcome sotto-who input'))) - entered;
    },
  };
})();
