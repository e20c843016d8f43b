// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { byteLength, isBlank, oneLine, shown } from './text.js';

test('blank is what has nothing to read', () => {
  for (const text of ['', ' ', '\n\t ', '\u00a0']) assert.ok(isBlank(text));
  assert.ok(!isBlank(' a '));
});

test('length counts bytes of UTF-8', () => {
  assert.equal(byteLength('aé😀'), 7);
});

test('a line for lists has no breaks and no half characters', () => {
  assert.equal(oneLine(' a\n b\t\tc '), 'a b c');
  assert.equal(oneLine('😀😀😀', 2), '😀😀…');
  assert.equal(oneLine('> quoted\n**yes** to `x`\n```\ncode\n```'), 'quoted yes to x code');
});

test('what is very long ends early unless all is asked for', () => {
  assert.deepEqual(shown('short', false), { text: 'short', cut: false });
  const word = 'x'.repeat(64 << 10);
  assert.deepEqual(shown(word, false), { text: `${'x'.repeat(2000)}…`, cut: true });
  assert.deepEqual(shown(word, true), { text: word, cut: false });
  assert.equal(shown(`${'x'.repeat(1999)}😀`, false).text, `${'x'.repeat(1999)}…`);
  const lines = shown('a\n'.repeat(100), false);
  assert.ok(lines.cut && lines.text.split('\n').length === 30);
});

test('towers of marks are cut and letters of all scripts are not', () => {
  assert.equal(shown(`a${'\u0301'.repeat(10_000)}b`, true).text, `a${'\u0301'.repeat(12)}b`);
  for (const text of ['שָׁלוֹם', 'नमस्ते', 'ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ', 'Việt Nam', '👩‍❤️‍💋‍👨']) assert.equal(shown(text, true).text, text);
});
