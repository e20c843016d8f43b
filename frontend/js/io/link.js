// @ts-check
// The page's side of a worker: calls with their answers, and events.

/** @typedef {import('../core/contract.js').EngineEvent} EngineEvent */

/**
 * @typedef {object} WorkerLike
 * @property {(message: unknown) => void} postMessage
 * @property {() => void} terminate
 * @property {((event: any) => any) | null} onmessage
 * @property {((event: any) => any) | null} onerror
 */

/**
 * @typedef {object} Link
 * @property {(op: string, args: object) => Promise<unknown>} call rejects with {code, message}
 * @property {() => void} close
 */

/**
 * A call that an engine's end left open is never answered here: what became of
 * it is asked of the next engine.
 * @param {WorkerLike} worker
 * @param {(event: EngineEvent) => void} onEvent
 * @returns {Link}
 */
export function createLink(worker, onEvent) {
  /** @type {Map<string, PromiseWithResolvers<unknown>>} */
  const waiting = new Map();
  let next = 0;

  worker.onmessage = ({ data }) => {
    if (data.event) {
      onEvent(data.event);
      return;
    }
    const answer = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.err) answer?.reject(data.err);
    else answer?.resolve(data.ok);
  };
  worker.onerror = () => onEvent({ type: 'exit', reason: 'start' });

  return {
    close: () => worker.terminate(),
    call(op, args) {
      const id = String(next++);
      const answer = Promise.withResolvers();
      waiting.set(id, answer);
      worker.postMessage({ id, op, args });
      return answer.promise;
    },
  };
}
