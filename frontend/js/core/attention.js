// @ts-check
// What a new message says outside of the page.

import { nameOf } from './state.js';
import { t } from './strings.js';
import { oneLine } from './text.js';

/** @typedef {import('./contract.js').Conversation} Conversation */
/** @typedef {import('./model.js').Preferences} Preferences */
/** @typedef {{ tag: string, title: string, body: string, hash: string }} Note one conversation has one notification */

/**
 * The ways to call for attention outside of the page.
 * @typedef {object} Attention
 * @property {() => Promise<boolean>} allow asks the person to allow notifications
 * @property {() => void} sound
 * @property {(note: Note, preferences: Preferences) => Promise<void>} tell unless a tab is in front
 * @property {(unread: number) => void} badge
 */

/**
 * What to say when a conversation has changed; null when nothing new was
 * written there by others.
 * @param {Conversation | undefined} before
 * @param {Conversation} after
 * @param {Preferences['notify']} choice
 * @returns {Note | null}
 */
export function noteOf(before, after, choice) {
  const { id, kind, unread, last, muted, mentions } = after;
  if (muted && mentions <= (before?.mentions ?? 0)) return null;
  if (unread <= (before?.unread ?? 0) || !last || last.own) return null;
  const title = choice === 'bare' ? t('app.name') : nameOf(after);
  const line = kind === 'group' ? t('list.said', { name: last.sender, text: last.text }) : last.text;
  const body = choice === 'what' ? oneLine(line) : t('timeline.pill', { n: unread });
  return { tag: id, title, body, hash: `#/talk/${id}` };
}
