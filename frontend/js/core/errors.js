// @ts-check
// Error codes of the engine.

/** Refusals that are not about any of the names, whichever were asked for. */
const general = new Set(['offline', 'limited', 'storage-full', 'storage-failed', 'not-allowed', 'too-many', 'ended']);

/**
 * The handles that a refusal is about: its message names them.
 * @param {import('./contract.js').EngineError} refused
 * @param {readonly string[]} handles
 */
export function namedIn({ code, message }, handles) {
  if (general.has(code)) return [];
  const words = message.split(/[^a-z0-9._-]+/);
  return handles.filter((handle) => words.some((word) => word === handle));
}

/**
 * The code of an engine's refusal; 'internal' for anything else.
 * @param {unknown} err
 * @returns {string}
 */
export function codeOf(err) {
  const code = /** @type {{ code?: unknown } | null} */ (err)?.code;
  return typeof code === 'string' ? code : 'internal';
}
