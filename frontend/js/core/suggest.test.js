// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { suggestEmoji, wordAt } from './suggest.js';

test('a word begins with its sign and ends at the caret', () => {
  /** @param {string} text with | for the caret */
  const at = (text) => wordAt(text.replace('|', ''), text.indexOf('|'), [':', '@']);
  assert.deepEqual(at(':smi|'), { from: 0, sign: ':', query: 'smi' });
  assert.deepEqual(at('to (:sm|ile'), { from: 4, sign: ':', query: 'sm' });
  assert.deepEqual(at('hi @b.o-b_|'), { from: 3, sign: '@', query: 'b.o-b_' });
  assert.deepEqual(at('a\n:|'), { from: 2, sign: ':', query: '' });
  for (const text of ['a:smi|', 'at 10:30|', ':smi le|', '#x|', '|:smi', 'https://x|', '::|', `:${'x'.repeat(50)}|`]) assert.equal(at(text), null, text);
});

test('emoji are suggested from the second letter on, in the tone', () => {
  const hand = { emoji: '👋', name: 'waving hand', group: 1, skins: ['👋🏻', '👋🏼', '👋🏽', '👋🏾', '👋🏿'], words: ['waving hand', 'wave'] };
  assert.deepEqual(suggestEmoji([hand], 'wa', 3), [{ text: '👋🏽', sign: '👋🏽', words: 'waving hand' }]);
  assert.deepEqual(suggestEmoji([hand], 'w', 0), []);
  assert.deepEqual(suggestEmoji([hand], 'xyz', 0), []);
});
