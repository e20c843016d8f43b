// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { chooseLanguage } from './language.js';

test('the first language that is known is spoken, with the own locale', () => {
  assert.deepEqual(chooseLanguage('system', ['fr-FR', 'de-AT', 'en-GB']), { language: 'de', locale: 'de-AT' });
  assert.deepEqual(chooseLanguage('system', ['EN-gb', 'de']), { language: 'en', locale: 'EN-gb' });
  assert.deepEqual(chooseLanguage('system', ['fr', 'constructor']), { language: 'en', locale: 'en' });
  assert.deepEqual(chooseLanguage('system', []), { language: 'en', locale: 'en' });
});

test('a choice wins, and takes the locale that fits it', () => {
  assert.deepEqual(chooseLanguage('de', ['en-US', 'de-CH']), { language: 'de', locale: 'de-CH' });
  assert.deepEqual(chooseLanguage('de', ['en-US']), { language: 'de', locale: 'de' });
});
