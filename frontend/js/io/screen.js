// @ts-check
// Time and place in the browser: when to draw, timers, the address.

/** A page that is hidden has no frames: it draws after this long, for its title and for who listens. */
const HIDDEN_MS = 100;

/** @param {() => void} draw */
export function createScreen(draw) {
  let waiting = false;
  let drawing = false;

  function run() {
    if (!waiting || drawing) return;
    waiting = false;
    drawing = true;
    try {
      draw();
    } finally {
      drawing = false;
    }
  }

  return {
    /** Draws once before the next frame, however often it is called. */
    changed() {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(run);
      setTimeout(run, HIDDEN_MS);
    },
    /** Draws what waits to be drawn. Within a drawing nothing happens: what changes there comes with the next frame. */
    now: run,
    /** @param {number} ms @param {() => void} fn */
    later(ms, fn) {
      const timer = setTimeout(fn, ms);
      return () => clearTimeout(timer);
    },
    /** @param {string} hash */
    navigate(hash) {
      location.hash = hash;
    },
  };
}
