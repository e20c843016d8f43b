// @ts-check
// What is done to entries in the fake engine: edits, deletions, reactions, replies, search.

/** @typedef {import('../core/contract.js').Entry} Entry */
/** @typedef {import('../core/contract.js').Mention} Mention */
/** @typedef {import('../core/contract.js').Range} Range */
/** @typedef {import('./talk.js').Talk} Talk */
/** @typedef {{ handle: string, account: string, now: number, handles: Record<string, string>, own: boolean }} By */

/** Earlier texts, by entry. @type {WeakMap<Entry, { text: string, time: number }[]>} */
const before = new WeakMap();

/** @param {string} code */
const refuse = (code) => ({ code, message: code });

/** @param {Range[]} ranges @param {Record<string, string>} handles @returns {Mention[]} */
export const named = (ranges, handles) => ranges.map((r) => ({ ...r, handle: handles[r.account] ?? '' }));

/** @param {Entry | undefined} entry @returns {import('../core/contract.js').Reply} */
export function replyTo(entry) {
  if (!entry) return { id: '', position: null, sender: { account: '', handle: '' }, text: '', state: 'unknown' };
  const { id, position, sender, text = '', deleted } = entry;
  return { id, position, sender, text: [...text].slice(0, 120).join(''), state: deleted ? 'deleted' : 'here' };
}

/** @param {Entry} entry @param {{ text: string, mentions: Range[] }} args @param {By} by */
export function edit(entry, { text, mentions }, by) {
  if (entry.sender.account !== by.account || entry.deleted) throw refuse('not-found');
  if (entry.position !== null) {
    before.set(entry, [...(before.get(entry) ?? []), { text: entry.text ?? '', time: entry.edited ?? entry.time }]);
    entry.edited = by.now;
  }
  entry.text = text;
  if (mentions.length) entry.mentions = named(mentions, by.handles);
  else delete entry.mentions;
}

/** @param {Entry} entry @param {unknown} _args @param {By} by */
export function remove(entry, _args, by) {
  if (entry.sender.account !== by.account) throw refuse('not-found');
  for (const key of /** @type {const} */ (['text', 'reply', 'mentions', 'reactions', 'edited'])) delete entry[key];
  before.delete(entry);
  entry.deleted = by.now;
}

/** @param {Entry} entry @param {{ emoji: string, on: boolean }} args @param {By} by */
export function react(entry, { emoji, on }, by) {
  if (entry.kind !== 'message' || entry.deleted) throw refuse('not-found');
  const all = structuredClone(entry.reactions ?? []);
  let one = all.find((r) => r.emoji === emoji);
  if (!one) all.push((one = { emoji, own: false, who: [] }));
  one.who = one.who.filter((w) => w.account !== by.account);
  if (on) one.who.push({ account: by.account, handle: by.handle });
  if (by.own) one.own = on;
  const left = all.filter((r) => r.who.length > 0);
  if (left.length) entry.reactions = left;
  else delete entry.reactions;
}

/** @param {Entry} entry */
export function versions(entry) {
  return [...(before.get(entry) ?? []), { text: entry.text ?? '', time: entry.edited ?? entry.time }];
}

/** @param {Talk} talk @param {string} id */
export function told(talk, id) {
  const position = talk.entries.find((e) => e.id === id)?.position ?? Infinity;
  const { delivered, read } = talk;
  const others = talk.people.length ? talk.people.filter((m) => !m.you) : [talk];
  return others.map(({ account, handle }) => ({ account, handle, delivered: delivered >= position, read: read >= position }));
}

/** @param {Talk[]} talks @param {{ query: string, conversation: string | null, limit: number }} args */
export function search(talks, { query, conversation, limit }) {
  const wanted = query.trim().toLowerCase();
  const among = conversation === null ? talks : talks.filter((t) => t.id === conversation);
  const named = wanted && conversation === null ? talks.filter((t) => (t.name || t.handle).toLowerCase().includes(wanted)) : [];
  const hits = among.flatMap((t) => (wanted ? t.entries : []).flatMap((e) => hit(t, e, wanted))).sort((a, b) => b.time - a.time);
  return {
    people: named.filter((t) => t.handle).map(({ account, handle, id }) => ({ account, handle, conversation: id })), conversations: named.map((t) => t.id),
    messages: hits.slice(0, limit), more: hits.length > limit, building: false,
  };
}

/** @param {Talk} talk @param {Entry} entry @param {string} wanted */
function hit(talk, entry, wanted) {
  const { id, position, sender, own, time, text = '' } = entry;
  const start = text.toLowerCase().indexOf(wanted);
  if (start < 0 || position === null) return [];
  return [{ conversation: talk.id, id, position, sender, own, time, text, marks: [{ start, end: start + wanted.length }] }];
}
