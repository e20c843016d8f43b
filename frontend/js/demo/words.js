// @ts-check
// Looks words of the demo up and fills them in.

import { parts } from './parts.en.js';
import { acts, causes, plays } from './plays.en.js';
import { steps } from './steps.en.js';
import { words } from './words.en.js';

/** @typedef {keyof typeof words} Key */
/** @typedef {Readonly<Record<string, string | number>>} Params */
/** @typedef {0 | 1 | 2} Depth a curious person, a developer, a cryptographer */

const plurals = new Intl.PluralRules('en');

/** @param {string} text @param {Params} params */
const fill = (text, params) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));

/**
 * @param {Key} key
 * @param {Params} [params] n chooses the form where there are two
 * @returns {string}
 */
export function w(key, params = {}) {
  const found = words[key];
  if (typeof found === 'string') return fill(found, params);
  const form = plurals.select(Number(params.n));
  return fill(form === 'one' ? found.one : found.other, params);
}

/** @param {string} key @returns {key is Key} */
const known = (key) => Object.hasOwn(words, key);

/**
 * The words of a key that was put together, or the last part of it.
 * @param {string} key
 * @param {Params} [params]
 */
export function maybe(key, params) {
  return known(key) ? w(key, params) : (key.split('.').pop() ?? key);
}

/** @param {string} who */
export const who = (who) => maybe(`who.${who}`);

/** @param {string} label */
export function partOf(label) {
  const found = parts[label] ?? parts[''] ?? ['', ''];
  return {
    name: found[0],
    /** @param {Depth} depth */
    about: (depth) => found[depth + 1] ?? found[2] ?? found[1],
  };
}

/** @param {readonly string[] | undefined} texts title first @param {Depth} depth */
const level = (texts, depth) => texts?.[depth + 1] ?? '';

/** @param {string} id @param {Depth} depth */
export const stepText = (id, depth) => ({ title: steps[id]?.[0] ?? id, about: level(steps[id], depth) });

/** @param {string} name @param {Depth} depth */
export const playText = (name, depth) => ({ title: plays[name]?.[0] ?? name, about: level(plays[name], depth) });

/** @param {string} key @param {Params} params */
export const actText = (key, params) => fill(acts[key] ?? key, params);

/** @param {string} cause */
export const causeText = (cause) => causes[cause] ?? cause;
