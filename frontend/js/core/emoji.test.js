// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { isBigEmoji, parseEmoji, recentEmoji, searchEmoji, toneOf, toned } from './emoji.js';

/** @param {number} order @param {string} emoji @param {string} annotation @param {object} more */
const entry = (order, emoji, annotation, more) => ({ order, emoji, annotation, group: 0, version: 1, tags: [], ...more });

const tones = ['👋🏻', '👋🏼', '👋🏽', '👋🏾', '👋🏿'].map((emoji, i) => ({ emoji, tone: i + 1, version: 1 }));
const data = [
  entry(3, '👋', 'waving hand', { group: 1, tags: ['hello', 'wave'], skins: tones, shortcodes: ['wave'] }),
  entry(1, '😀', 'grinning face', { tags: ['happy'], emoticon: ':D' }),
  entry(2, '🌊', 'water wave', { group: 3, tags: ['ocean'] }),
  entry(4, '🫪', 'too new', { version: 17 }),
  entry(5, '🏻', 'light skin tone', { group: 2 }),
];
const all = parseEmoji(data);

/** @param {string} query */
const find = (query) => searchEmoji(all, query).map((e) => e.emoji);

test('emoji are ordered, without those that fonts lack', () => {
  assert.deepEqual(all.map((e) => e.emoji), ['😀', '🌊', '👋']);
});

test('search finds names, tags, short codes and emoticons, the closest first', () => {
  assert.deepEqual(find('wave'), ['🌊', '👋']);
  assert.deepEqual(find('waving'), ['👋']);
  assert.deepEqual(find(':wave:'), ['🌊', '👋']);
  assert.deepEqual(find('HAND wav'), ['👋']);
  assert.deepEqual(find(':d'), ['😀']);
  assert.deepEqual(find('ocean'), ['🌊']);
});

test('search with no match or no word finds nothing', () => {
  for (const query of ['', '  ', 'xyz', 'wave xyz']) assert.deepEqual(find(query), [], query);
});

test('skin tones', () => {
  const wave = /** @type {import('./emoji.js').Emoji} */ (all[2]);
  const grin = /** @type {import('./emoji.js').Emoji} */ (all[0]);
  assert.equal(toned(wave, 0), '👋');
  assert.equal(toned(wave, 5), '👋🏿');
  assert.equal(toned(grin, 3), '😀');
});

test('recent emoji come from texts, each once, newest first', () => {
  assert.deepEqual(recentEmoji(['a 😀 b 👋🏽', 'no', '👨‍👩‍👧 and 😀']), ['😀', '👨‍👩‍👧', '👋🏽']);
  assert.deepEqual(recentEmoji(['1 # *', '']), []);
  assert.deepEqual(recentEmoji(['🍏', '🍎'], 1), ['🍎']);
});

test('one to three emoji alone are drawn large', () => {
  for (const text of ['😀', '❤️', '👋🏽 👋🏽', '👨‍👩‍👧😀🏁']) assert.ok(isBigEmoji(text), text);
  for (const text of ['', 'a', '1', '12:30', '😀!', '😀😀😀😀', '😀 hi', '#']) assert.ok(!isBigEmoji(text), text);
});

test('the tone used last is used again', () => {
  assert.equal(toneOf(['🚀', '👋🏽', '👋🏿']), 3);
  assert.equal(toneOf(['👩🏻‍🚀']), 1);
  assert.equal(toneOf(['👋', '🚀']), 0);
});
