// @ts-check
// Times as a person reads them, by their locale and time zone.

import { t } from './strings.js';

/** @typedef {ReturnType<typeof createFormatter>} Formatter */

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * @param {{ locale?: string, timeZone?: string }} [place] the browser's own where absent
 */
export function createFormatter({ locale, timeZone } = {}) {
  /**
   * A format that is made at first use: each takes milliseconds.
   * @param {Intl.DateTimeFormatOptions} options
   * @param {string | undefined} [tongue]
   */
  function format(options, tongue = locale) {
    /** @type {Intl.DateTimeFormat | null} */
    let made = null;
    return { format: (/** @type {number} */ time) => (made ??= new Intl.DateTimeFormat(tongue, { timeZone, ...options })).format(time) };
  }

  const clock = format({ hour: 'numeric', minute: '2-digit' });
  const weekday = format({ weekday: 'short' });
  const shortDate = format({ day: 'numeric', month: 'numeric', year: '2-digit' });
  const dayOfYear = format({ weekday: 'long', day: 'numeric', month: 'long' });
  const dayAndYear = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const full = format({ dateStyle: 'full', timeStyle: 'short' });
  const longDate = format({ dateStyle: 'long' });
  const key = format({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA');

  /** @param {number} time */
  const day = (time) => key.format(time);
  /**
   * Whole calendar days from one time to another.
   * @param {number} time
   * @param {number} now
   */
  const daysAgo = (time, now) => Math.round((Date.parse(day(now)) - Date.parse(day(time))) / DAY);

  return {
    day,
    /** @param {number} time */
    clock: (time) => clock.format(time),
    /** @param {number} time */
    full: (time) => full.format(time),
    /** @param {number} time */
    date: (time) => longDate.format(time),
    /**
     * Over a group of messages: today, yesterday, or the date.
     * @param {number} time
     * @param {number} now
     */
    dayLabel(time, now) {
      const ago = daysAgo(time, now);
      if (ago === 0) return t('timeline.today');
      if (ago === 1) return t('timeline.yesterday');
      return (day(time).slice(0, 4) === day(now).slice(0, 4) ? dayOfYear : dayAndYear).format(time);
    },
    /**
     * Beside a conversation: the time today, the weekday this week, else the date.
     * @param {number} time
     * @param {number} now
     */
    listTime(time, now) {
      const ago = daysAgo(time, now);
      if (ago <= 0) return clock.format(time);
      return (ago < 7 ? weekday : shortDate).format(time);
    },
  };
}

/**
 * A length of time in the largest fitting unit: "12 seconds", "1 day".
 * @param {number} ms
 * @param {string} [locale]
 */
export function duration(ms, locale = 'en') {
  /** @type {[number, string][]} */
  const units = [[DAY, 'day'], [60 * MINUTE, 'hour'], [MINUTE, 'minute'], [1000, 'second']];
  const [size, unit] = units.find(([size]) => ms >= size) ?? [1000, 'second'];
  const n = unit === 'second' ? Math.ceil(ms / size) : Math.round(ms / size);
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(n);
}
