// @ts-check
// The worker's side of the boundary: answers calls from the page and passes
// events on. Calls that come before the engine is ready wait for it.

/** @typedef {(op: string, args: object) => Promise<unknown>} EngineCall */
/** @typedef {{ id: string, op: string, args: object }} Request */

/**
 * The part of a worker's global scope that is used.
 * @typedef {object} Port
 * @property {(message: unknown) => void} postMessage
 * @property {(type: 'message', listener: (event: MessageEvent<Request>) => void) => void} addEventListener
 */

/**
 * @param {Port} port
 */
export function createHost(port) {
  /** @type {PromiseWithResolvers<EngineCall>} */
  const engine = Promise.withResolvers();

  port.addEventListener('message', async ({ data: { id, op, args } }) => {
    try {
      const call = await engine.promise;
      port.postMessage({ id, ok: await call(op, args) });
    } catch (err) {
      port.postMessage({ id, err: plain(err) });
    }
  });

  return {
    /** @param {EngineCall} call */
    ready: (call) => engine.resolve(call),
    /** @param {object} event */
    event: (event) => port.postMessage({ event }),
  };
}

/**
 * An error as the plain object that crosses the boundary.
 * @param {unknown} err
 */
function plain(err) {
  const { code, message } = /** @type {{ code?: unknown, message?: unknown }} */ (err ?? {});
  return { code: typeof code === 'string' ? code : 'internal', message: typeof message === 'string' ? message : '' };
}
