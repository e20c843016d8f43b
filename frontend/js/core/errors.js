// @ts-check
// Error codes of the engine.

/**
 * The code of an engine's refusal; 'internal' for anything else.
 * @param {unknown} err
 * @returns {string}
 */
export function codeOf(err) {
  const code = /** @type {{ code?: unknown } | null} */ (err)?.code;
  return typeof code === 'string' ? code : 'internal';
}
