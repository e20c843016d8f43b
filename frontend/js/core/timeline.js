// @ts-check
// The entries of one conversation: kept in order, merged from pages and
// events, and laid out as the rows that are drawn.

/** @typedef {import('./contract.js').Entry} Entry */
/** @typedef {import('./contract.js').Conversation} Conversation */
/** @typedef {import('./time.js').Formatter} Formatter */
/** @typedef {import('./contract.js').EntryState | 'delivered' | 'read'} Status */

/**
 * One drawn row. `first` and `last` tell a message's place in its group.
 * @typedef {{ kind: 'day', key: string, label: string }
 *   | { kind: 'unread', key: string }
 *   | { kind: 'notice', key: string, entry: Entry }
 *   | { kind: 'message', key: string, entry: Entry, status: Status | null, first: boolean, last: boolean }} Row
 */

/** Messages of one sender that follow within this time stand as one group. */
const GROUP_MS = 5 * 60_000;

/** @param {Entry} entry */
const rank = (entry) => entry.position ?? Infinity;

/**
 * The entries with one added, or changed in place of the one with its id.
 * Entries without a position come last, in the order they were added.
 * @param {readonly Entry[]} entries
 * @param {Entry} entry
 * @returns {Entry[]}
 */
export function put(entries, entry) {
  const at = entries.findLastIndex((e) => e.id === entry.id);
  if (at >= 0 && rank(/** @type {Entry} */ (entries[at])) === rank(entry)) return entries.with(at, entry);
  const rest = at >= 0 ? entries.toSpliced(at, 1) : entries;
  const before = rest.findLastIndex((e) => rank(e) <= rank(entry));
  return rest.toSpliced(before + 1, 0, entry);
}

/**
 * Whether an entry comes after all that is known.
 * @param {readonly Entry[]} entries
 * @param {Entry} entry
 */
export function isNews(entries, entry) {
  const last = entries.findLast((e) => e.position !== null);
  return rank(entry) > (last?.position ?? -1) && !entries.some((e) => e.id === entry.id);
}

/**
 * Puts a page in front of, or into, what is known. Known entries win over the
 * page's: events that came while the page was on its way are newer.
 * @param {readonly Entry[]} entries
 * @param {readonly Entry[]} page
 * @returns {Entry[]}
 */
export function merge(entries, page) {
  const known = new Set(entries.map((e) => e.id));
  const fresh = page.filter((e) => !known.has(e.id));
  return [...fresh, ...entries].sort((a, b) => compare(rank(a), rank(b)));
}

/**
 * What is known, brought up to date by the newest page. Where the two touch,
 * what is older stays; where they do not, only the page is left, as there is
 * a gap in between.
 * @param {readonly Entry[]} entries
 * @param {readonly Entry[]} page
 * @returns {{ entries: Entry[], joined: boolean }}
 */
export function refresh(entries, page) {
  const oldest = page.length === 0 ? Infinity : rank(/** @type {Entry} */ (page[0]));
  const ids = new Set(page.map((e) => e.id));
  const joined = entries.some((e) => ids.has(e.id) && e.position !== null);
  const older = joined ? entries.filter((e) => rank(e) < oldest && !ids.has(e.id)) : [];
  return { entries: [...older, ...page], joined };
}

/** @param {number} a @param {number} b */
function compare(a, b) {
  return a === b ? 0 : a - b;
}

/**
 * What a person is told about an own message; null for those of others.
 * @param {Entry} entry
 * @param {Pick<Conversation, 'delivered' | 'read'>} conversation
 * @returns {Status | null}
 */
export function statusOf(entry, conversation) {
  if (!entry.own || entry.kind !== 'message') return null;
  const state = entry.state ?? 'sent';
  if (state !== 'sent' || entry.position === null) return state;
  if (entry.position <= conversation.read) return 'read';
  return entry.position <= conversation.delivered ? 'delivered' : 'sent';
}

/**
 * The id of the first of the newest n messages of others; null when there are
 * none, or when they reach further back than what is known.
 * @param {readonly Entry[]} entries
 * @param {number} unread
 */
export function firstUnread(entries, unread) {
  let left = unread;
  for (let i = entries.length - 1; i >= 0 && left > 0; i--) {
    const entry = /** @type {Entry} */ (entries[i]);
    if (entry.own || entry.kind !== 'message') continue;
    left--;
    if (left === 0) return entry.id;
  }
  return null;
}

/**
 * @typedef {object} Layout
 * @property {Pick<Conversation, 'delivered' | 'read'>} conversation
 * @property {string | null} unreadFrom id of the entry above which the marker stands
 * @property {Formatter} format
 * @property {number} now
 */

/**
 * Lays entries out as rows: date separators, the unread marker, and groups.
 * @param {readonly Entry[]} entries
 * @param {Layout} layout
 * @returns {Row[]}
 */
export function rowsOf(entries, { conversation, unreadFrom, format, now }) {
  /** @type {Row[]} */
  const rows = [];
  let day = '';
  entries.forEach((entry, i) => {
    const today = format.day(entry.time);
    if (today !== day) rows.push({ kind: 'day', key: `day ${today} ${entry.id}`, label: format.dayLabel(entry.time, now) });
    day = today;
    if (entry.id === unreadFrom) rows.push({ kind: 'unread', key: 'unread' });
    if (entry.kind === 'notice') {
      rows.push({ kind: 'notice', key: entry.id, entry });
      return;
    }
    const first = !together(entries[i - 1], entry, unreadFrom, format);
    const last = !together(entry, entries[i + 1], unreadFrom, format);
    rows.push({ kind: 'message', key: entry.id, entry, status: statusOf(entry, conversation), first, last });
  });
  return rows;
}

/**
 * Whether two neighbours stand in one group.
 * @param {Entry | undefined} a
 * @param {Entry | undefined} b
 * @param {string | null} unreadFrom
 * @param {Formatter} format
 */
function together(a, b, unreadFrom, format) {
  if (!a || !b || a.kind !== 'message' || b.kind !== 'message') return false;
  const close = Math.abs(b.time - a.time) <= GROUP_MS && format.day(a.time) === format.day(b.time);
  return close && a.sender.account === b.sender.account && a.own === b.own && b.id !== unreadFrom;
}

/**
 * The entries that came in since, as opposed to older ones that were loaded.
 * @param {readonly Entry[]} before
 * @param {readonly Entry[]} entries
 * @returns {Entry[]}
 */
export function arrivals(before, entries) {
  if (before === entries) return [];
  const oldest = before.length === 0 ? -Infinity : rank(/** @type {Entry} */ (before[0]));
  const known = new Set(before.map((e) => e.id));
  return entries.filter((e) => rank(e) >= oldest && !known.has(e.id));
}
