// @ts-check
// A finger that stays where it is. Some browsers tell of it as of a context
// menu, while it stays or when it is lifted; others do not tell of it at all.

/** So long a finger stays. */
const HOLD_MS = 500;

/** A finger that moves less, in pixels, stays. */
const SLACK = 10;

/**
 * @param {HTMLElement} node
 * @param {(target: EventTarget | null) => boolean} held does what was asked for, and says whether there was anything; also for a key that asks for a context menu
 */
export function onHold(node, held) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let done = false;
  let from = { x: 0, y: 0 };
  const stop = () => clearTimeout(timer);
  node.addEventListener('pointerdown', ({ pointerType, isPrimary, clientX: x, clientY: y, target }) => {
    stop();
    if (pointerType !== 'touch' || !isPrimary) return;
    done = false;
    from = { x, y };
    timer = setTimeout(() => (done = held(target)), HOLD_MS);
  });
  node.addEventListener('pointermove', ({ clientX, clientY }) => Math.hypot(clientX - from.x, clientY - from.y) > SLACK && stop());
  for (const type of ['pointerup', 'pointercancel', 'scroll']) node.addEventListener(type, stop);
  node.addEventListener('contextmenu', (event) => {
    const { pointerType, target } = /** @type {PointerEvent} */ (event);
    if (pointerType === 'mouse') return;
    stop();
    if (!(pointerType === 'touch' && done)) done = held(target);
    if (done) event.preventDefault();
  });
  // It was no tap: the press that some browsers make of it would take the focus away from what opened.
  node.addEventListener('touchend', (event) => done && event.preventDefault(), { passive: false });
}
