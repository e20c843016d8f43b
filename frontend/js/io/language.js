// @ts-check
// Fetches the words of the language that is spoken.

import { LANGUAGES, chooseLanguage } from '../core/language.js';
import { speak } from '../core/strings.js';

/**
 * Makes the page speak a language; English where its words cannot be had.
 * @param {'system' | import('../core/language.js').Language} choice
 */
export async function loadLanguage(choice) {
  const { language, locale } = chooseLanguage(choice, navigator.languages);
  const root = document.documentElement;
  const catalogue = language === 'en' ? {} : await fetchWords(language);
  if (catalogue === null) return;
  speak(catalogue, locale);
  root.lang = language;
  root.dir = LANGUAGES[language].dir;
}

/** @param {string} language */
async function fetchWords(language) {
  try {
    const response = await fetch(__ASSETS__[`strings.${language}.json`] ?? '');
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
