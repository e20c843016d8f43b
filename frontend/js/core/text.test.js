// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { byteLength, isBlank, oneLine, segments } from './text.js';

/** @param {string} text */
const links = (text) => segments(text).filter((s) => s.href).map((s) => s.text);

test('the parts of a text are the text', () => {
  for (const text of ['', 'plain', 'see https://a.example/x, and http://b.example.', '(https://a.example)', 'a\nb  c']) {
    assert.equal(segments(text).map((s) => s.text).join(''), text);
  }
});

test('links end where the address ends', () => {
  for (const [text, link] of [
    ['go to https://a.example.', 'https://a.example'],
    ['(https://a.example/b)', 'https://a.example/b'],
    ['https://a.example/b_(c)', 'https://a.example/b_(c)'],
    ['is it https://a.example/?q=1&r=2#h?', 'https://a.example/?q=1&r=2#h'],
    ['“https://a.example/é”', 'https://a.example/é'],
    ['<https://a.example>', 'https://a.example'],
    ['HTTPS://A.EXAMPLE!', 'HTTPS://A.EXAMPLE'],
  ]) assert.deepEqual(links(text ?? ''), [link]);
});

test('only the web is linked', () => {
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'ftp://a.example', 'file:///etc/passwd', 'https://', 'http://?', 'xhttps://a.example', 'mailto:a@b.c']) {
    assert.deepEqual(links(text), [], text);
  }
});

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
});
