// @ts-check
// What is said to someone who listens when own messages change their state.

import { t } from './strings.js';
import { oneLine } from './text.js';
import { statusOf } from './timeline.js';

/** @typedef {import('./contract.js').Conversation} Conversation */
/** @typedef {Map<string, string | null>} Known the states of the newest own messages, by id */

/** So many own messages are looked at. */
const NEWEST = 20;

/** A message is named by this much of its text. */
const NAMED = 40;

/** States that are news; the others pass by. */
const news = new Set(['failed', 'sent', 'delivered', 'read']);

/**
 * Compares the states of own messages with those known. Of several that have
 * changed the one that failed is told, else the newest: not a receipt for each.
 * @param {Known | null} known null when the conversation was not shown before
 * @param {readonly import('./contract.js').Entry[]} entries
 * @param {Pick<Conversation, 'delivered' | 'read'>} conversation
 * @returns {{ known: Known, words: string | null }} words: null where there is nothing new
 */
export function announce(known, entries, conversation) {
  const own = entries.filter((e) => e.own && e.kind === 'message').slice(-NEWEST);
  /** @type {Known} */
  const now = new Map(own.map((e) => [e.id, statusOf(e, conversation)]));
  const changed = own.filter((e) => known?.has(e.id) && known.get(e.id) !== now.get(e.id) && news.has(now.get(e.id) ?? ''));
  const told = changed.findLast((e) => now.get(e.id) === 'failed') ?? changed.at(-1);
  const newest = told !== undefined && (told === own.at(-1) || now.get(told.id) === 'failed');
  if (!newest) return { known: now, words: null };
  const status = t(`status.${/** @type {NonNullable<ReturnType<typeof statusOf>>} */ (now.get(told.id))}`);
  return { known: now, words: t('list.said', { name: status, text: oneLine(told.text ?? '', NAMED) }) };
}
