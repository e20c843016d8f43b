// @ts-check
// Epochs, the log and bodies as they are by themselves: PROTOCOL.md §6 to §8.

import { compare, decode, encode } from './cbor.js';
import { admittedSecret, ascending, changes, groupID, room, roomShape } from './group.js';
import { encrypt0, opened, prefix, read, same, sign1, verified } from './objects.js';
import { check, Refusal } from './refusal.js';
import * as s from './shape.js';
import { decapsulate, expand, hash, mac } from './suite.js';

/** @typedef {import('./cbor.js').Bytes} Bytes */

/** The id of a direct conversation (§6.1). */
export async function directID(/** @type {Bytes} */ a, /** @type {Bytes} */ b) {
	const [low, high] = [a, b].sort(compare);
	return (await hash(encode(['sotto/1 direct', low, high]))).slice(0, 16);
}

/** L[0] (§7). */
export const logStart = (/** @type {Bytes} */ conversation) => hash(encode(['sotto/1 log', conversation]));

/** L[p] (§7). */
export const logNext = (/** @type {Bytes} */ conversation, /** @type {number} */ p, /** @type {Bytes} */ before, /** @type {number} */ kind, /** @type {Bytes} */ event) =>
	hash(encode(['sotto/1 log', conversation, p, before, kind, event]));

const headShape = s.tuple(s.uint, s.bytes(32));
export const seenShape = s.tuple(s.uint, s.bytes(32));
const slotShape = s.tuple(s.bytes(32), s.bytes());
const memberShape = s.tuple(s.bytes(32), headShape, s.uint, s.list(slotShape));

/** @typedef {{ account: Bytes, head: { number: number, hash: Bytes }, role: number, slots: Bytes[][] }} Member */
/** @typedef {Awaited<ReturnType<typeof header>>} Header */

/** A header by itself (§6.2). */
export async function header(/** @type {any} */ value) {
	const data = encode(value);
	check(data.length <= 131072, 'too-large', 'header');
	const shape = s.tuple(s.uint, s.bytes(16), s.uint, s.bytes(), seenShape, s.list(memberShape), s.bytes(32), s.uint, s.list(roomShape), s.list(s.bytes(32)));
	const [suite, conversation, number, prev, seen, members, creator, time, rooms, rejoin] = shape(value);
	check(suite === 1, 'suite', String(suite));
	check(prev.length === (number === 0 ? 0 : 32), 'malformed', 'prev');
	/** @type {Member[]} */
	const roster = members.map((/** @type {any} */ [account, [at, headHash], role, slots]) => ({ account, head: { number: at, hash: headHash }, role, slots }));
	ascending(roster.map((m) => m.account));
	const slots = roster.flatMap((m) => {
		ascending(m.slots.map(([device]) => device));
		return m.slots.map(([device, prekey]) => ({ account: m.account, device, prekey }));
	});
	for (const slot of slots) check(slot.prekey.length === 0 || slot.prekey.length === 32, 'malformed', 'prekey');
	check(slots.length <= 500, 'too-large', 'devices');
	const present = (/** @type {Bytes} */ d) => slots.some((x) => same(x.device, d) && x.prekey.length > 0);
	check(present(creator), 'creator', 'not present');
	ascending(rejoin);
	for (const d of rejoin) check(present(d) && !same(d, creator), 'malformed', 'rejoin');
	check(rooms.length <= 1, 'malformed', 'rooms');
	if (rooms.length === 0) {
		check(roster.length === 2 && same(conversation, await directID(roster[0].account, roster[1].account)), 'conversation', 'accounts');
		check(roster.every((m) => m.role === 0), 'not-allowed', 'role');
	} else {
		if (number === 0) check(same(conversation, await groupID(value)), 'conversation', 'group');
		for (const m of roster) check(m.role <= 1, 'malformed', 'role');
		check(roster.some((m) => m.role === 1), 'not-allowed', 'nobody is an admin');
		const first = roster.find((m) => m.slots.some(([device]) => same(device, creator)));
		check(number !== 0 || first?.role === 1, 'not-allowed', 'creator');
	}
	const group = rooms.length === 0 ? null : room(rooms[0], number);
	return { data, hash: await hash(data), conversation, number, prev, seen, roster, slots, creator, time, room: group, rejoin };
}

/** A commit by itself (§6.3, step 1). */
export async function commit(/** @type {Bytes} */ data) {
	const object = await sign1(data, prefix + 'commit', 196608);
	const [map, confirm, wraps] = s.tuple(s.any, s.bytes(32), s.list(s.bytes()))(decode(object.payload));
	const h = await header(map);
	check(same(h.creator, object.kid), 'creator', 'signed by another');
	check(wraps.length === h.slots.length, 'malformed', 'wraps');
	h.slots.forEach((slot, i) => {
		const wanted = slot.prekey.length === 0 || same(slot.device, h.creator) ? 0 : 32;
		check(wraps[i].length === wanted, 'malformed', 'wrap hash');
	});
	return { object, header: h, confirm, wraps, id: object.hash };
}

/** @typedef {Awaited<ReturnType<typeof commit>>} Commit */

/** Whether a commit's roster is that of the chains and its creator signed (§6.3, steps 2 and 3). */
export async function signed(/** @type {Commit} */ c, /** @type {Commit | null} */ before, /** @type {import('./account.js').Chain[]} */ chains) {
	const h = c.header;
	for (const m of h.roster) {
		const chain = chains.find((x) => same(x.id, m.account));
		if (!chain?.has(m.head.number, m.head.hash)) throw new Refusal('head', 'chain');
		const active = chain.active(m.head.number);
		check((h.room !== null || active.length > 0) && active.length === m.slots.length && active.every((d, i) => same(d.id, m.slots[i][0])), 'devices', 'roster');
	}
	if (before) check(before.header.slots.some((x) => same(x.device, h.creator)), 'not-member', 'creator');
	const signer = chains.flatMap((x) => x.devices).find((d) => same(d.id, h.creator));
	if (!signer) throw new Refusal('creator', 'unknown');
	await verified(c.object, signer.n);
}

/** Whether a commit may follow another (§6.3, steps 2 to 4). */
export async function follows(/** @type {Commit} */ c, /** @type {Commit | null} */ before, /** @type {import('./account.js').Chain[]} */ chains, /** @type {Bytes[]} */ left = []) {
	const h = c.header;
	await signed(c, before, chains);
	if (!before) {
		check(h.number === 0 && h.rejoin.length === 0, 'number', 'first');
		return;
	}
	const b = before.header;
	check(same(h.conversation, b.conversation), 'conversation', 'another');
	check(h.number === b.number + 1, 'number', 'not the next');
	check(same(h.prev, before.id), 'prev', 'another');
	check(h.time >= b.time, 'time', 'older');
	check((h.room === null) === (b.room === null), 'not-allowed', 'room');
	if (h.room) {
		await changes(h, b, left, chains, grew);
		return;
	}
	for (const m of h.roster) {
		const old = b.roster.find((x) => same(x.account, m.account));
		if (!old) throw new Refusal('not-allowed', 'accounts');
		grew(m, old);
	}
}

/** A chain is the same as in the epoch before, or longer. */
function grew(/** @type {Member} */ m, /** @type {Member} */ old) {
	const back = m.head.number < old.head.number || (m.head.number === old.head.number && !same(m.head.hash, old.head.hash));
	check(!back, 'head', 'rolled back');
}

/** The key schedule of an epoch (§6.5). */
export async function schedule(/** @type {Bytes} */ joiner, /** @type {Bytes} */ headerHash) {
	const epochKey = await expand(joiner, 'epoch', headerHash);
	return {
		joiner, epochKey, init: await expand(epochKey, 'init'),
		confirm: await mac(await expand(epochKey, 'confirm'), headerHash),
		chain: (/** @type {Bytes} */ device) => expand(epochKey, 'chain', device),
		signal: (/** @type {Bytes} */ device) => expand(epochKey, 'signal', device),
	};
}

export const messageKey = (/** @type {Bytes} */ chain) => expand(chain, 'message');
export const nextChain = (/** @type {Bytes} */ chain) => expand(chain, 'next');

/** Opens a wrap (§6.4), with a link's secret that of who came by one. Whatever is wrong, it is one refusal. */
export async function unwrap(/** @type {Bytes} */ data, /** @type {Bytes} */ holder, /** @type {Bytes} */ seed, /** @type {Bytes} */ headerHash, /** @type {Bytes} */ device, /** @type {Bytes} */ link) {
	try {
		const [ciphertext, map] = s.tuple(s.bytes(), s.any)(read(data, 2048));
		const kem = await decapsulate(holder, seed, ciphertext);
		const object = encrypt0(encode(map), prefix + 'wrap', 2048);
		check(object.place === undefined, 'malformed', 'a place');
		const input = link.length > 0 ? await admittedSecret(link, kem.secret) : kem.secret;
		const kek = await expand(input, 'wrap', encode([headerHash, device]));
		const [content, secret] = s.tuple(s.uint, s.bytes(32))(decode(await opened(object, kek, headerHash)));
		return { content, secret, kek, kem: kem.secret };
	} catch (e) {
		if (e instanceof Refusal) throw new Refusal('wrap-unusable', e.message);
		throw e;
	}
}

/** Takes the padding off (§8.1). */
export function unpad(/** @type {Bytes} */ padded) {
	check(padded.length >= 768, 'malformed', 'padding');
	const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
	check(padded.length === paddedSize(4 + length), 'malformed', 'padding');
	check(padded.subarray(4 + length).every((b) => b === 0), 'malformed', 'padding');
	return padded.slice(4, 4 + length);
}

function paddedSize(/** @type {number} */ n) {
	if (n <= 768) return 768;
	const e = Math.floor(Math.log2(n));
	const unit = 2 ** (e - Math.floor(Math.log2(e)) - 1);
	return Math.ceil(n / unit) * unit;
}

/** The contents of bodies (§8.3), by kind and version. @type {Record<string, (content: any) => any>} */
const contents = {
	'1.1': (c) => names(['time', 'text'], s.tuple(s.uint, s.text)(c)),
	'1.2': (c) => names(['time', 'text', 'target', 'mentions'], s.tuple(s.uint, s.text, s.uint, mentions)(c)),
	'2.1': (c) => names(['time', 'target', 'text', 'mentions'], s.tuple(s.uint, s.uint, s.text, mentions)(c)),
	'3.1': (c) => names(['time', 'target'], s.tuple(s.uint, s.uint)(c)),
	'4.1': (c) => names(['time', 'target', 'emoji', 'on'], s.tuple(s.uint, s.uint, s.text, s.flag)(c)),
};
const mentions = s.list(s.tuple(s.bytes(32), s.uint, s.uint));
const names = (/** @type {string[]} */ keys, /** @type {any[]} */ values) => Object.fromEntries(keys.map((k, i) => [k, values[i]]));

/** A body (§8.3). */
export function body(/** @type {Bytes} */ data) {
	const [kind, version, content] = s.tuple(s.uint, s.uint, s.any)(read(data, 98304));
	const reader = contents[`${kind}.${version}`];
	check(reader !== undefined, 'newer', `${kind}, ${version}`);
	const out = reader(content);
	if ('text' in out) checkText(out.text, out.mentions ?? []);
	check(kind === 1 || out.target > 0, 'malformed', 'target');
	check(version === 1 || out.target > 0 || out.mentions.length > 0, 'malformed', 'version 2 without need');
	if (kind === 4) check(isEmoji(out.emoji), 'malformed', 'emoji');
	const named = out.mentions?.map((/** @type {any[]} */ [account, start, length]) => `${account.toHex()}:${start}:${length}`);
	return { ...out, mentions: named?.join(' ') };
}

/** A text with its mentions: whole characters, ascending, not overlapping. */
function checkText(/** @type {string} */ text, /** @type {any[]} */ mentions) {
	const bytes = new TextEncoder().encode(text);
	check(bytes.length > 0 && bytes.length <= 65536, 'malformed', 'text');
	check(mentions.length <= 100, 'malformed', 'mentions');
	const within = (/** @type {number} */ at) => at === bytes.length || (bytes[at] & 0xc0) !== 0x80;
	let end = 0;
	for (const [, start, length] of mentions) {
		check(length > 0 && start >= end && start + length <= bytes.length && within(start) && within(start + length), 'malformed', 'mention');
		end = start + length;
	}
}

/** One emoji (§8.3). */
function isEmoji(/** @type {string} */ text) {
	const block = '[\\xa9\\xae\\u203c\\u2049\\u2122\\u2139\\u2190-\\u21ff\\u2300-\\u23ff\\u24c2\\u25a0-\\u27bf\\u2934\\u2935\\u2b00-\\u2bff\\u3030\\u303d\\u3297\\u3299' +
		'\\u{1f000}-\\u{1f1e5}\\u{1f200}-\\u{1faff}]';
	const element = `${block}[\\u{1f3fb}-\\u{1f3ff}\\ufe0f]?(?:[\\u{e0020}-\\u{e007e}]+\\u{e007f})?`;
	const emoji = new RegExp(`^(?:[\\u{1f1e6}-\\u{1f1ff}]{2}|[#*0-9]\\ufe0f\\u20e3|${element}(?:\\u200d${element})*)$`, 'u');
	return emoji.test(text) && new TextEncoder().encode(text).length <= 64;
}

/** The names a reader shows for an event: everything without one of its own is a rule (§11). */
const shown = new Set(['malformed', 'signature', 'decrypt', 'epoch', 'sender', 'replayed', 'generation', 'seen', 'split-view', 'copied-profile',
	'wrap-altered', 'wrap-unusable', 'confirm', 'stale-prekey', 'link', 'closed', 'lost', 'ahead', 'old']);
const alsoMalformed = new Set(['type', 'key', 'suite', 'too-large']);

/** @returns {Refusal} */
export function cause(/** @type {unknown} */ e) {
	if (!(e instanceof Refusal)) throw e;
	if (alsoMalformed.has(e.outcome)) return new Refusal('malformed', e.message);
	return shown.has(e.outcome) ? e : new Refusal('rule', e.message);
}
