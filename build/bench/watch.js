// Runs in the application's page before its own scripts and notes when things were there, in milliseconds since the
// page was asked for.
globalThis.watch = (() => {
  /** Resolves with the time when found() first holds, which a change of the page brings about. */
  const when = (found) =>
    new Promise((resolve) => {
      const observer = new MutationObserver(look);
      function look() {
        if (!found()) return;
        observer.disconnect();
        resolve(performance.now());
      }
      observer.observe(document, { subtree: true, childList: true, attributes: true });
      look();
    });

  const usable = (selector) => {
    const element = document.querySelector(selector);
    return element !== null && !element.disabled && element.checkVisibility();
  };

  // The engine is ready when it answers: it is asked for something that it has not, before the page asks anything.
  const ready = Promise.withResolvers();
  globalThis.Worker = class extends Worker {
    constructor(...args) {
      const started = performance.now();
      super(...args);
      this.addEventListener('message', ({ data }) => data.id === 'watch' && ready.resolve(performance.now() - started));
      this.postMessage({ id: 'watch', op: 'no such operation', args: {} });
    }
  };

  return {
    /** A joined profile: until its conversation can be written in. */
    async composer() {
      return { composer: await when(() => usable('[data-testid=composer]')), engine: await ready.promise };
    },
    /** Until so many messages are on the screen. */
    async lines(count) {
      return (await when(() => document.querySelectorAll('sotto-message').length >= count)) > 0;
    },
    /** An empty profile: from the name's entry until a conversation can be started. */
    async join(handle, keysFirst) {
      await when(() => usable('sotto-join input') && (!keysFirst || usable('sotto-join [data-state=ready]')));
      const input = document.querySelector('sotto-join input');
      input.value = handle;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      const entered = performance.now();
      input.form.requestSubmit();
      return (await when(() => usable('sotto-welcome sotto-who input'))) - entered;
    },
  };
})();
