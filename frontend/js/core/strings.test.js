// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import en from './strings.en.json' with { type: 'json' };
import { errorText, known, noticeText, stopText, t } from './strings.js';

test('parameters are filled in', () => {
  assert.equal(t('welcome.title', { handle: 'alice' }), 'Welcome, alice');
  assert.equal(t('list.draft', { text: '{handle} $& \\1' }), 'Draft: {handle} $& \\1');
});

test('plural forms follow the number', () => {
  assert.equal(t('timeline.pill', { n: 1 }), '1 new message');
  assert.equal(t('timeline.pill', { n: 0 }), '0 new messages');
  assert.equal(t('timeline.pill', { n: 3 }), '3 new messages');
});

test('each notice, stop and alarm says all of its parts', () => {
  /** @param {string} family @param {string[]} parts */
  const check = (family, parts) => {
    const names = Object.keys(en).filter((k) => k.startsWith(`${family}.`) && k.split('.').length === 3).map((k) => k.split('.')[1]);
    for (const name of new Set(names)) for (const part of parts) assert.ok(known(`${family}.${name}.${part}`), `${family}.${name}.${part}`);
  };
  check('notice', ['what', 'means', 'todo']);
  check('stop', ['title', 'what', 'todo']);
  check('alarm', ['title', 'what', 'todo']);
});

test('every notice of the contract has its own words', () => {
  const codes = [
    'opened', 'identity-changed', 'chain-rolled-back', 'chain-forked', 'stale-prekey', 'superseded', 'split-view', 'peer-away', 'replayed', 'withheld', 'not-opened',
    'wrap-altered', 'wrap-unusable', 'commit-refused', 'newer-version', 'copied-profile', 'prekey-doubled', 'lost', 'created', 'entered', 'added', 'removed',
    'taken-out', 'left', 'joined', 'promoted', 'demoted', 'renamed', 'link-made', 'links-revoked', 'rejoined', 'renewed', 'unproven', 'not-done', 'not-by-link', 'link-refused',
  ];
  const other = noticeText('never-heard-of', {}, 'bob').what;
  for (const code of codes) {
    const words = noticeText(code, { position: '7', cause: 'decrypt', by: 'alice', who: 'carol', name: 'climbing', what: 'add' }, 'bob');
    assert.notEqual(words.what, other, code);
    for (const text of Object.values(words)) assert.ok(!/[{}]/.test(text), text);
  }
});

test('a cause is said in words', () => {
  assert.match(noticeText('not-opened', { position: '3', cause: 'signature' }, 'bob').means, /signature does not fit.* position 3/);
  assert.match(noticeText('not-opened', { position: '3', cause: 'new-one' }, 'bob').means, /not what it must be/);
});

test('unknown codes are named', () => {
  assert.match(errorText('strange'), /strange/);
  assert.match(stopText('alarm', 'strange').what, /strange/);
  assert.equal(stopText('stop', 'strange').title, 'Something went wrong');
});
