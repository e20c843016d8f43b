// @ts-check
// Mentions: which parts of a text name somebody, and how such a text is cut
// where one is drawn.

/** @typedef {import('./model.js').Named} Named */
/** @typedef {import('./contract.js').Mention} Mention */

/** A lone half of a pair: no text from the engine has one. It stands for a mention while a text is taken apart. */
export const MARK = '\udfff';

const named = /(?<![\p{L}\p{N}_@./-])@([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)/giu;

/**
 * @param {string} text that is being sent
 * @param {readonly Named[]} people who can be mentioned
 * @returns {import('./contract.js').Range[]}
 */
export function mentionsIn(text, people) {
  return [...text.matchAll(named)].flatMap(({ 0: whole, 1: name = '', index: start }) => {
    const who = people.find(({ handle }) => handle === name.toLowerCase());
    return who ? [{ account: who.account, start, end: start + whole.length }] : [];
  });
}

/**
 * The text with MARK in the place of each mention.
 * @param {string} text
 * @param {readonly Mention[]} mentions
 */
export function marked(text, mentions) {
  let from = 0;
  const parts = mentions.map(({ start, end }) => {
    const part = text.slice(from, start) + MARK;
    from = end;
    return part;
  });
  return parts.join('') + text.slice(from);
}

/** How a mention reads: by the name its account has now. @param {Mention} mention @param {string} text */
export const wordsOf = ({ handle, start, end }, text) => (handle ? `@${handle}` : text.slice(start, end));
