// @ts-check
// The languages there are, and which of them to speak.

/** @typedef {keyof typeof LANGUAGES} Language */

/** Each by its own name, and which way it is written. */
export const LANGUAGES = /** @type {const} */ ({
  en: { name: 'English', dir: 'ltr' },
  de: { name: 'Deutsch', dir: 'ltr' },
});

/** @param {string} locale */
const base = (locale) => /** @type {Language} */ (locale.split('-')[0]?.toLowerCase());

/**
 * The language to speak, and the locale for numbers and dates: the person's
 * own where it is one of that language.
 * @param {'system' | Language} choice
 * @param {readonly string[]} preferred as navigator.languages, best first
 * @returns {{ language: Language, locale: string }}
 */
export function chooseLanguage(choice, preferred) {
  const known = preferred.map(base).find((language) => Object.hasOwn(LANGUAGES, language));
  const language = choice === 'system' ? (known ?? 'en') : choice;
  return { language, locale: preferred.find((locale) => base(locale) === language) ?? language };
}
