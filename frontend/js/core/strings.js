// @ts-check
// Looks words up in the catalogue and fills them in. A catalogue is JSON: its
// values are a text, or one text per plural category of Intl.PluralRules.
// {name} stands for a parameter; {n} is the number that chooses the category.
// English comes with the page; another language is fetched before anything is
// drawn, and spoken from then on.

import en from './strings.en.json' with { type: 'json' };

/** @typedef {keyof typeof en} Key */
/** @typedef {Record<string, string | number>} Params */
/** @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }} Forms */

/** @type {Record<string, string | Forms>} */
let words = en;
let place = 'en';
/** @type {Intl.PluralRules | null} made at first use: it takes milliseconds */
let plurals = null;

/**
 * Speaks another language from now on. Texts that were given out stay as they
 * are: it is called once, before anything is drawn.
 * @param {Record<string, string | Forms>} catalogue with the keys of the English one
 * @param {string} locale of its words, and of numbers and dates
 */
export function speak(catalogue, locale) {
  words = catalogue;
  place = locale;
  plurals = null;
}

/** The locale of numbers and dates. */
export const locale = () => place;

/**
 * The text of a key, with its parameters filled in. For a key with plural
 * forms the parameter n chooses the form.
 * @param {Key} key
 * @param {Params} [params]
 * @returns {string}
 */
export function t(key, params = {}) {
  const found = words[key] ?? en[key];
  const text = typeof found === 'string' ? found : form(found, Number(params.n));
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/**
 * @param {Forms} forms
 * @param {number} n
 */
function form(forms, n) {
  plurals ??= new Intl.PluralRules(place);
  return forms[plurals.select(n)] ?? forms.other;
}

/**
 * Whether the catalogue has a key that was put together at run time.
 * @param {string} key
 * @returns {key is Key}
 */
export function known(key) {
  return Object.hasOwn(en, key);
}

/**
 * The first of the keys that the catalogue has; the last is the fallback.
 * @param {string[]} tries
 * @param {Key} fallback
 * @param {Params} [params]
 */
export function firstOf(tries, fallback, params) {
  return t(tries.find(known) ?? fallback, params);
}

/**
 * What to say about an error code of the engine.
 * @param {string} code
 * @param {Params} [params]
 */
export function errorText(code, params = {}) {
  return firstOf([`error.${code}`], 'error.other', { code, ...params });
}

/**
 * The three parts of a notice: what happened, what it means, what to do.
 * @param {string} code
 * @param {Record<string, string>} detail
 * @param {string} handle of the other side, or of who it is about
 */
export function noticeText(code, detail, handle) {
  const name = known(`notice.${code}.what`) ? code : 'other';
  const params = {
    ...detail,
    who: fewer(detail.who ?? '', Number(detail.more ?? 0)),
    code,
    handle: detail.handle ?? handle,
    position: detail.position ?? '?',
    cause: firstOf([`cause.${detail.cause}`], 'cause.other'),
    what: firstOf([`wish.${detail.what}`], 'wish.other', detail),
  };
  /** @param {string} part */
  const part = (part) => firstOf([`notice.${name}.${part}`], 'notice.other.what', params);
  const means = detail.group && known(`notice.${name}.group`) ? 'group' : 'means';
  return { what: part('what'), means: part(means), todo: part('todo') };
}

/** A notice names no more than so many. */
const MOST_NAMES = 5;

/** @param {string} names separated by commas @param {number} more that are not among them */
function fewer(names, more) {
  const all = names.split(', ');
  const n = all.length - MOST_NAMES + more;
  return n > 1 ? t('notice.many', { names: all.slice(0, MOST_NAMES).join(', '), n }) : names;
}

/**
 * The words of a screen that stops everything.
 * @param {'stop' | 'alarm'} family
 * @param {string} code
 * @param {Params} [params]
 */
export function stopText(family, code, params = {}) {
  const fallback = family === 'alarm' ? 'other' : 'internal';
  const name = known(`${family}.${code}.title`) ? code : fallback;
  /** @param {string} part */
  const part = (part) => firstOf([`${family}.${name}.${part}`], 'stop.internal.title', { code, ...params });
  return { title: part('title'), what: part('what'), todo: part('todo') };
}
