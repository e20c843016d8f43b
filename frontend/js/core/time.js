// @ts-check
// Times as a person reads them, by their locale and time zone.

import { locale, t } from './strings.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** @typedef {(options: Intl.DateTimeFormatOptions, fixed?: string) => (time: number) => string} Maker */

/**
 * Formats that are made at first use: each takes milliseconds.
 * @param {{ locale?: string, timeZone?: string }} place
 * @returns {Maker}
 */
function maker({ locale: own, timeZone }) {
  return (options, fixed) => {
    /** @type {Intl.DateTimeFormat | null} */
    let made = null;
    return (time) => (made ??= new Intl.DateTimeFormat(fixed ?? own ?? locale(), { timeZone, ...options })).format(time);
  };
}

export class Formatter {
  #weekday;
  #shortDate;
  #dayOfYear;
  #dayAndYear;

  /** @param {{ locale?: string, timeZone?: string }} [place] where absent, the language spoken and the browser's own zone */
  constructor(place = {}) {
    const make = maker(place);
    /** The hour and minute. */
    this.clock = make({ hour: 'numeric', minute: '2-digit' });
    /** Day and time, in full. */
    this.full = make({ dateStyle: 'full', timeStyle: 'short' });
    this.date = make({ dateStyle: 'long' });
    /** A name of the calendar day, as 2026-03-10. */
    this.day = make({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA');
    this.#weekday = make({ weekday: 'short' });
    this.#shortDate = make({ day: 'numeric', month: 'numeric', year: '2-digit' });
    this.#dayOfYear = make({ weekday: 'long', day: 'numeric', month: 'long' });
    this.#dayAndYear = make({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  }

  /**
   * Whole calendar days from one time to another.
   * @param {number} time
   * @param {number} now
   */
  #daysAgo(time, now) {
    return Math.round((Date.parse(this.day(now)) - Date.parse(this.day(time))) / DAY);
  }

  /**
   * Over a group of messages: today, yesterday, or the date.
   * @param {number} time
   * @param {number} now
   */
  dayLabel(time, now) {
    const ago = this.#daysAgo(time, now);
    if (ago === 0) return t('timeline.today');
    if (ago === 1) return t('timeline.yesterday');
    const thisYear = this.day(time).slice(0, 4) === this.day(now).slice(0, 4);
    return (thisYear ? this.#dayOfYear : this.#dayAndYear)(time);
  }

  /**
   * Beside a conversation: the time today, the weekday this week, else the date.
   * @param {number} time
   * @param {number} now
   */
  listTime(time, now) {
    const ago = this.#daysAgo(time, now);
    if (ago <= 0) return this.clock(time);
    return (ago < 7 ? this.#weekday : this.#shortDate)(time);
  }
}

/**
 * A length of time in the largest fitting unit: "12 seconds", "1 day".
 * @param {number} ms
 */
export function duration(ms) {
  /** @type {[number, string][]} */
  const units = [[DAY, 'day'], [60 * MINUTE, 'hour'], [MINUTE, 'minute'], [1000, 'second']];
  const [size, unit] = units.find(([size]) => ms >= size) ?? [1000, 'second'];
  const n = unit === 'second' ? Math.ceil(ms / size) : Math.round(ms / size);
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(n);
}
