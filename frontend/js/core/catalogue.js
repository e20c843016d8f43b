// @ts-check
// Reads the catalogue of English as the bundle holds it, which is written by
// build/pack/catalogue.go from strings.en.json.

/**
 * @param {string} lines each a key, a space, and its text, or its plural forms
 *   one and other with a tab between. A dot at the beginning of a key stands
 *   for a part that is the same as in the key before.
 */
export function unfold(lines) {
  /** @type {string[]} */
  let parts = [];
  return Object.fromEntries(lines.split('\n').map((line) => {
    const [, dots = '', key = '', text = ''] = /^(\.*)(\S+) (.*)$/.exec(line) ?? [];
    parts = [...parts.slice(0, dots.length), ...key.split('.')];
    const [one, other] = text.split('\t');
    return [parts.join('.'), other === undefined ? one : { one, other }];
  }));
}
