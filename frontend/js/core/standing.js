// @ts-check
// What stands between the messages of a conversation and the field for a new
// one, where things are not as usual.

import { known, noticeText, t } from './strings.js';

/** @typedef {import('./contract.js').Conversation} Conversation */
/** @typedef {import('./strings.js').Key} Key */

/**
 * @typedef {object} Standing
 * @property {string} code
 * @property {string} what
 * @property {string} rest what it means, and what to do
 * @property {Key | null} decide the words of what can be done about it
 * @property {boolean} writes one can still write
 */

/**
 * @param {Conversation} conversation
 * @returns {Standing | null}
 */
export function standingOf({ blocked, waiting, ended, lost, handle }) {
  if (blocked) return noticed(blocked.code, blocked.detail, handle);
  if (waiting) return { code: 'waiting', what: t('list.waiting'), rest: t('group.waiting.text'), decide: 'decide.waiting', writes: false };
  if (ended) return { code: 'ended', what: t(`group.${ended}`), rest: t(`group.${ended}.text`), decide: null, writes: false };
  return lost ? { ...noticed(lost, {}, handle), rest: t('group.lost.text'), decide: null, writes: true } : null;
}

/** @param {string} code @param {Record<string, string>} detail @param {string} handle @returns {Standing} */
function noticed(code, detail, handle) {
  const { what, means, todo } = noticeText(code, detail, handle);
  const decide = `decide.${code}`;
  return { code, what, rest: `${means} ${todo}`, decide: known(decide) ? decide : null, writes: false };
}
