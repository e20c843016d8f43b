// @ts-check
// The emoji: what the picker shows, and its search. The data has the form of
// emoji-picker-element-data: one object per emoji with name, tags, short codes.

/**
 * @typedef {object} Emoji
 * @property {string} emoji
 * @property {string} name
 * @property {number} group
 * @property {string[]} skins by tone 1 to 5; empty where there are none
 * @property {string[]} words what it is found by, lower case, best first
 */

/** Groups in the order they are shown; group 2 holds bare skin tones and hair. */
export const GROUPS = /** @type {const} */ ([0, 1, 3, 4, 5, 6, 7, 8, 9]);

/** Emoji newer than this are missing in many system fonts and would be empty boxes. */
const NEWEST = 15;

/**
 * @param {any[]} data
 * @returns {Emoji[]}
 */
export function parseEmoji(data) {
  return data
    .filter((e) => e.version <= NEWEST && GROUPS.includes(e.group))
    .sort((a, b) => a.order - b.order)
    .map((e) => ({
      emoji: e.emoji,
      name: e.annotation,
      group: e.group,
      skins: skins(e.skins ?? []),
      words: [e.annotation.toLowerCase(), ...(e.shortcodes ?? []), ...e.tags, ...emoticons(e.emoticon)],
    }));
}

/** @param {{ emoji: string, tone: number | number[] }[]} variants */
function skins(variants) {
  /** @type {string[]} */
  const byTone = [];
  for (const { emoji, tone } of variants) {
    if (typeof tone === 'number') byTone[tone - 1] = emoji;
  }
  return byTone.length === 5 ? byTone : [];
}

/** @param {string | string[] | undefined} emoticon */
function emoticons(emoticon) {
  return [emoticon ?? []].flat().map((e) => e.toLowerCase());
}

/**
 * The emoji in a skin tone; 0 is the default.
 * @param {Emoji} emoji
 * @param {number} tone
 */
export function toned(emoji, tone) {
  return emoji.skins[tone - 1] ?? emoji.emoji;
}

/**
 * The emoji that every word of the query is found in, best first.
 * @param {readonly Emoji[]} all
 * @param {string} query
 * @param {number} [limit]
 */
export function searchEmoji(all, query, limit = 100) {
  const wanted = query.toLowerCase().replace(/^:(?=\w{2})|(?<=\w):$/g, '').split(/[\s_]+/).filter(Boolean);
  if (wanted.length === 0) return [];
  return all
    .map((emoji, order) => ({ emoji, order, score: score(emoji, wanted) }))
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .slice(0, limit)
    .map((found) => found.emoji);
}

/**
 * 0 where a word is missing; more the closer it stands to the name.
 * @param {Emoji} emoji
 * @param {string[]} wanted
 */
function score(emoji, wanted) {
  let sum = 0;
  for (const word of wanted) {
    const best = Math.max(...emoji.words.map((text, i) => match(text, word) * (i === 0 ? 2 : 1)));
    if (best === 0) return 0;
    sum += best;
  }
  return sum;
}

/**
 * @param {string} text
 * @param {string} word
 */
function match(text, word) {
  if (text === word) return 4;
  const parts = text.split(/[\s_-]+/);
  if (parts.includes(word)) return 3;
  if (text.startsWith(word)) return 2;
  return parts.some((part) => part.startsWith(word)) ? 1 : 0;
}

/** @type {Intl.Segmenter | null} made at first use: it takes milliseconds */
let segmenter = null;

/** What a reader takes for one character. @param {string} text */
function graphemes(text) {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), (s) => s.segment);
}

/** @param {string} grapheme */
const isEmoji = (grapheme) => /^\p{RGI_Emoji}$/v.test(grapheme);

/**
 * The emoji last used in some texts, newest text last; each once, newest
 * first. So recents need no store of their own, which would tell what was
 * written.
 * @param {readonly string[]} texts
 * @param {number} [max]
 */
export function recentEmoji(texts, max = 16) {
  /** @type {Set<string>} */
  const found = new Set();
  for (let i = texts.length - 1; i >= 0 && found.size < max; i--) {
    for (const part of graphemes(texts[i] ?? '').reverse()) if (isEmoji(part)) found.add(part);
  }
  return [...found].slice(0, max);
}

/**
 * The skin tone used last in some emoji, newest first; 0 where there is none.
 * @param {readonly string[]} recent
 */
export function toneOf(recent) {
  const modifier = recent.map((emoji) => /[\u{1f3fb}-\u{1f3ff}]/u.exec(emoji)?.[0]).find(Boolean);
  return modifier ? (modifier.codePointAt(0) ?? 0) - 0x1f3fa : 0;
}

/**
 * Whether a text is nothing but a few emoji, to be drawn large.
 * @param {string} text
 */
export function isBigEmoji(text) {
  if (text.length > 60 || !/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(text)) return false;
  const parts = graphemes(text).filter((part) => part.trim() !== '');
  return parts.length > 0 && parts.length <= 3 && parts.every(isEmoji);
}
