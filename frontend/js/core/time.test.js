// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Formatter, duration } from './time.js';

const format = new Formatter({ locale: 'en-GB', timeZone: 'Europe/Berlin' });
const now = Date.parse('2026-03-10T10:00:00Z');

test('days are named as a person would', () => {
  for (const [time, label] of /** @type {[string, RegExp][]} */ ([
    ['2026-03-10T00:30:00+01:00', /^Today$/], ['2026-03-09T23:59:00+01:00', /^Yesterday$/],
    ['2026-03-08T12:00:00Z', /^Sunday,? 8 March$/], ['2025-12-31T12:00:00Z', /^Wednesday,? 31 December 2025$/],
  ])) assert.match(format.dayLabel(Date.parse(time), now), label);
});

test('a day begins at midnight where the person is', () => {
  assert.equal(format.day(Date.parse('2026-03-09T23:30:00Z')), '2026-03-10');
});

test('the list shows time, weekday or date', () => {
  assert.equal(format.listTime(now - 60_000, now), '10:59');
  assert.equal(format.listTime(now + 60_000, now), '11:01');
  assert.equal(format.listTime(now - 2 * 86_400_000, now), 'Sun');
  assert.equal(format.listTime(now - 30 * 86_400_000, now), '08/02/26');
});

test('lengths of time are said in their largest unit', () => {
  for (const [ms, words] of [[0, '0 seconds'], [1, '1 second'], [11_001, '12 seconds'], [60_000, '1 minute'], [7_200_000, '2 hours'], [86_400_000, '1 day']]) {
    assert.equal(duration(Number(ms)), words);
  }
});
