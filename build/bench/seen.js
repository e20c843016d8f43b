// Runs in the application's page before its own scripts: notes when a person acts, and when what follows is drawn. Times
// are milliseconds of the system's clock, which all pages share.
globalThis.seen = (() => {
  const PATIENCE_MS = 60_000;
  const now = () => performance.timeOrigin + performance.now();

  let acted = 0;
  const note = (event) => {
    if (event.type === 'click' || event.key === 'Enter') acted = performance.timeOrigin + event.timeStamp;
  };
  for (const type of ['click', 'keydown']) addEventListener(type, note, { capture: true });

  /** Resolves when the frame that is next was drawn. */
  const frame = () =>
    new Promise((resolve) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(0);
    }));

  /** Resolves with the time when found() first held in a frame that was drawn; a change of the page brings it about. */
  function when(what, found) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const observer = new MutationObserver(look);
    setTimeout(() => reject(new Error(`${what}: not after ${PATIENCE_MS} ms; the page shows: ${document.body?.innerText.slice(0, 500)}`)), PATIENCE_MS);
    function look() {
      if (!found()) return;
      observer.disconnect();
      frame().then(() => resolve(now()));
    }
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
    return promise;
  }

  const log = () => document.querySelector('sotto-timeline .log');
  const messages = () => [...document.querySelectorAll('sotto-message')];

  /** Whether a message is in view. */
  function inView(message) {
    const { top, bottom } = message.getBoundingClientRect();
    const view = log().getBoundingClientRect();
    return bottom > view.top && top < view.bottom;
  }

  const says = (message, text) => message.querySelector('.text')?.textContent === text;
  const expected = new Map();

  return {
    acted: () => acted,
    since: () => performance.timeOrigin,
    now,

    /** Begins to look for a message. */
    expect(text) {
      const drawn = when(text, () => messages().some((m) => says(m, text) && inView(m)));
      drawn.catch(() => {}); // drawn() tells it
      expected.set(text, drawn);
    },

    /** When the message was drawn that is looked for. */
    drawn: (text) => expected.get(text),

    /** The middle of an element, when it is there and has its place. */
    async spot(selector) {
      await when(selector, () => document.querySelector(selector)?.checkVisibility());
      const { left, top, width, height } = document.querySelector(selector).getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    },
  };
})();
