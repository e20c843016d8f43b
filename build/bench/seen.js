// Runs in the application's page before its own scripts: notes when a person acts, and when what follows is drawn. Times
// are milliseconds of the system's clock, which all pages share.
globalThis.seen = (() => {
  const PATIENCE_MS = 60_000;
  const now = () => performance.timeOrigin + performance.now();

  let acted = 0;
  const note = (event) => {
    if (event.type !== 'keydown' || event.key === 'Enter') acted = performance.timeOrigin + event.timeStamp;
  };
  for (const type of ['click', 'keydown', 'input']) addEventListener(type, note, { capture: true });

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

  /** A message in the middle of the view, which stays longest, and where it stands. */
  function middle() {
    const { top, height } = log().getBoundingClientRect();
    const distance = (m) => Math.abs(m.getBoundingClientRect().top - top - height / 2);
    const message = messages().filter(inView).reduce((a, b) => (distance(a) <= distance(b) ? a : b));
    return { message, top: message.getBoundingClientRect().top };
  }

  /** So many frames without a move are the end of what there is. */
  const STUCK = 300;

  /** Scrolls step by step, at each frame one, until so many pixels are behind. Gives by how many pixels more than the
   * step something that stays in view has moved at worst. What comes back from as far may come short by what jumped. */
  async function scroll(step, pixels) {
    let worst = 0, behind = 0, stuck = 0;
    let at = middle();
    const judge = (expected) => {
      if (!at.message.isConnected) throw new Error('what was in view is gone');
      const { top } = at.message.getBoundingClientRect();
      worst = Math.max(worst, Math.abs(top - expected));
      at.top = top;
    };
    while (behind < pixels && stuck < STUCK) {
      judge(at.top); // what came since
      at = middle();
      const view = log();
      const before = view.scrollTop;
      view.scrollTop += step;
      const moved = view.scrollTop - before;
      judge(at.top - moved);
      await frame();
      judge(at.top);
      behind += Math.abs(moved);
      stuck = moved === 0 ? stuck + 1 : 0;
    }
    if (behind < pixels / 2) throw new Error(`at ${behind} of ${pixels} pixels nothing more comes`);
    return worst;
  }

  return {
    acted: () => acted,
    now,
    scroll,

    /** Begins to look for a message. */
    expect(text) {
      const drawn = when(text, () => messages().some((m) => says(m, text) && inView(m)));
      drawn.catch(() => {}); // drawn() tells it
      expected.set(text, drawn);
    },

    /** When the message was drawn that is looked for. */
    drawn: (text) => expected.get(text),

    /** How many milliseconds after the page was asked for a message was drawn. */
    async loaded(text) {
      this.expect(text);
      return (await this.drawn(text)) - performance.timeOrigin;
    },

    /** When a message with a word is in view, and when it stands among what was found. */
    arrived: (word) => when(word, () => messages().some((m) => m.querySelector('.text')?.textContent.includes(word) && inView(m))),
    found: (word) => when(word, () => document.querySelector('sotto-switch .hit mark')?.textContent === word),

    /** The middle of an element, when it is there and has its place. */
    async spot(selector) {
      await when(selector, () => document.querySelector(selector)?.checkVisibility());
      const { left, top, width, height } = document.querySelector(selector).getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    },

    /** Goes to the newest message. */
    async end(text) {
      await when('messages', () => messages().length > 0);
      this.expect(text);
      document.querySelector('sotto-timeline .pill').click();
      return this.drawn(text);
    },

    /** Resolves when nothing is unread any more. */
    allRead: () => when('all read', () => document.title === 'Sotto'),

    /** Resolves when the list is there and the engine is online. */
    settled: () => when('the list', () => document.querySelector('sotto-list a')?.checkVisibility() && document.querySelector('sotto-sidebar')?.innerText.includes('Connected')),

    /** What the browser says that the page and its worker take, in bytes. */
    memory: async () => (await performance.measureUserAgentSpecificMemory()).bytes,
  };
})();
