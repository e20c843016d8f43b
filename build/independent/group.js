// @ts-check
// What groups have beside a conversation of two: PROTOCOL.md §6.1, §6.2, §6.6 to §6.9.

import { compare, decode, encode } from './cbor.js';
import { encrypt0, opened, prefix, read, same, sign1, verified } from './objects.js';
import { check, Refusal } from './refusal.js';
import * as s from './shape.js';
import { expand, extract, hash, mac } from './suite.js';

/** @typedef {import('./cbor.js').Bytes} Bytes */
/** @typedef {import('./account.js').Chain} Chain */
/** @typedef {{ id: Bytes, expiry: number, uses: number, used: Bytes[] }} Link */
/** @typedef {{ account: Bytes, request: Bytes, tag: Bytes }} Admission */
/** @typedef {{ state: Bytes, sealed: Bytes, links: Link[], admitted: Admission[] }} Room */
/** @typedef {{ account: Bytes, head: { number: number, hash: Bytes }, role: number, slots: Bytes[][] }} Member */
/** @typedef {{ conversation: Bytes, time: number, creator: Bytes, roster: Member[], room: Room | null }} Header */

const linkShape = s.tuple(s.bytes(16), s.uint, s.uint, s.list(s.bytes(16)));
const admissionShape = s.tuple(s.bytes(32), s.bytes(), s.bytes(32));
export const roomShape = s.tuple(s.bytes(32), s.bytes(), s.list(linkShape), s.list(admissionShape));

/** Refuses what does not ascend strictly. */
export function ascending(/** @type {Bytes[]} */ list) {
	for (let i = 1; i < list.length; i++) check(compare(list[i - 1], list[i]) < 0, 'malformed', 'order');
}

/** The id of the group that a header 0 opens (§6.1): id and seen do not count. */
export async function groupID(/** @type {any[]} */ value) {
	const blank = [...value];
	blank[1] = new Uint8Array(16);
	blank[4] = [0, new Uint8Array(32)];
	return (await hash(encode(['sotto/1 group', blank]))).slice(0, 16);
}

/** What a header says of a group, by itself (§6.2). @returns {Room} */
export function room(/** @type {any} */ [state, sealed, links, admitted], /** @type {number} */ number) {
	check(links.length <= 4 && admitted.length <= 16, 'too-large', 'links or admitted');
	check(sealed.length > 0 && sealed.length <= 2048, 'malformed', 'state');
	ascending(links.map((/** @type {any} */ [id]) => id));
	for (const [, , uses, used] of links) {
		check(uses > 0 && uses <= 100 && used.length <= uses, 'malformed', 'uses');
		check(number !== 0 || used.length === 0, 'not-allowed', 'used');
		ascending(used);
	}
	ascending(admitted.map((/** @type {any} */ [account]) => account));
	check(number !== 0 || admitted.length === 0, 'not-allowed', 'admitted');
	return {
		state, sealed,
		links: links.map((/** @type {any} */ [id, expiry, uses, used]) => ({ id, expiry, uses, used })),
		admitted: admitted.map((/** @type {any} */ [account, request, tag]) => ({ account, request, tag })),
	};
}

/** Verifies that an active device of a chain signed. */
async function byActive(/** @type {Awaited<ReturnType<typeof sign1>>} */ object, /** @type {Chain} */ chain) {
	const device = chain.active().find((d) => same(d.id, object.kid));
	if (!device) throw new Refusal('inactive', 'device');
	await verified(object, device.n);
}

/** A join request (§6.7), not yet verified. */
export async function join(/** @type {Bytes} */ data) {
	const object = await sign1(data, prefix + 'join', 1024);
	const shape = s.tuple(s.bytes(16), s.bytes(16), s.bytes(32), s.tuple(s.uint, s.bytes(32)), s.bytes(32), s.bytes(16), s.uint);
	const [conversation, link, account, [number, headHash], prekey, , expiry] = shape(decode(object.payload));
	return {
		conversation, link, account, head: { number, hash: headHash }, prekey, expiry, device: object.kid, hash: object.hash,
		id: object.hash.slice(0, 16), verify: (/** @type {Chain} */ chain) => byActive(object, chain), object,
	};
}

/** A rejoin request (§6.8), not yet verified. */
export async function rejoin(/** @type {Bytes} */ data) {
	const object = await sign1(data, prefix + 'rejoin', 1024);
	const [conversation, epoch] = s.tuple(s.bytes(16), s.bytes(32))(decode(object.payload));
	return { conversation, epoch, device: object.kid, verify: (/** @type {Chain} */ chain) => byActive(object, chain) };
}

/** What follows from a link's secret (§6.5). */
export async function roomLink(/** @type {Bytes} */ secret, /** @type {Bytes} */ request) {
	return { id: await expand(secret, 'link', new Uint8Array(), 16), tag: await mac(await expand(secret, 'join'), request) };
}

/** The secret from which an admitted wrap's key is derived (§6.4). */
export const admittedSecret = async (/** @type {Bytes} */ link, /** @type {Bytes} */ kem) => extract(await expand(link, 'admit'), kem);

/** What members know of a group (§6.6). unpad is that of messages. */
export async function groupState(/** @type {Bytes} */ data, /** @type {Bytes} */ joiner, /** @type {Bytes} */ state, /** @type {(b: Bytes) => Bytes} */ unpad) {
	const object = encrypt0(data, prefix + 'state', 2048);
	check(object.place === undefined, 'malformed', 'a place');
	const key = await expand(joiner, 'state');
	const plain = unpad(await opened(object, key, state));
	check(same(await hash(plain), state), 'decrypt', 'another state');
	const [salt, name, links] = s.tuple(s.bytes(16), s.text, s.list(s.tuple(s.bytes(16), s.bytes(32))))(read(plain, 2048));
	const size = new TextEncoder().encode(name).length;
	check(size > 0 && size <= 256 && links.length <= 4, 'malformed', 'name or links');
	ascending(links.map(([id]) => id));
	return { salt, name, links: links.map(([id]) => id), secrets: links.map(([, secret]) => secret), key };
}

/** The first device's key in any chain. */
function keyOf(/** @type {Chain[]} */ chains, /** @type {Bytes} */ device) {
	return chains.flatMap((c) => c.devices).find((d) => same(d.id, device));
}

const memberOf = (/** @type {Header} */ h, /** @type {Bytes} */ account) => h.roster.find((m) => same(m.account, account));
const holds = (/** @type {Bytes[]} */ list, /** @type {Bytes} */ one) => list.some((x) => same(x, one));

/** A leave event after an epoch (§6.9). The caller checks seen. */
export async function leave(/** @type {Bytes} */ data, /** @type {{ id: Bytes, header: Header }} */ now, /** @type {Bytes[]} */ left, /** @type {Chain[]} */ chains) {
	const object = await sign1(data, prefix + 'leave', 1024);
	const [conversation, epoch, seen] = s.tuple(s.bytes(16), s.bytes(32), s.tuple(s.uint, s.bytes(32)))(decode(object.payload));
	const h = now.header;
	check(h.room !== null, 'not-allowed', 'a conversation of two');
	check(same(conversation, h.conversation), 'conversation', 'another');
	check(same(epoch, now.id), 'prev', 'another epoch');
	const member = h.roster.find((m) => m.slots.some(([d]) => same(d, object.kid)));
	if (!member) throw new Refusal('not-member', 'stranger');
	const device = keyOf(chains, object.kid);
	if (!device) throw new Refusal('head', 'chain');
	await verified(object, device.n);
	check(!holds(left, member.account), 'not-allowed', 'has left');
	const stay = h.roster.filter((m) => !same(m.account, member.account) && !holds(left, m.account));
	check(stay.length === 0 || stay.some((m) => m.role === 1), 'not-allowed', 'nobody who stays is an admin');
	return { account: member.account, device: object.kid, seen };
}

/** Whether the creator may make this of a group (§6.3, step 4). */
export async function changes(/** @type {Header} */ h, /** @type {Header} */ b, /** @type {Bytes[]} */ left, /** @type {Chain[]} */ chains, /** @type {(m: Member, old: Member) => void} */ grew) {
	const by = b.roster.find((m) => m.slots.some(([d]) => same(d, h.creator)));
	const admin = by?.role === 1;
	const r = /** @type {Room} */ (h.room);
	const old = /** @type {Room} */ (b.room);
	for (const m of h.roster) {
		check(!holds(left, m.account), 'not-allowed', 'has left');
		const was = memberOf(b, m.account);
		const admitted = r.admitted.some((a) => same(a.account, m.account));
		if (was) {
			check(!admitted, 'not-allowed', 'a member already');
			check(admin || m.role === was.role, 'not-allowed', 'role');
			grew(m, was);
		} else if (admitted) check(m.role === 0, 'not-allowed', 'came by a link as admin');
		else check(admin, 'not-allowed', 'added');
	}
	const removed = b.roster.some((m) => !memberOf(h, m.account) && !holds(left, m.account));
	check(admin || !removed, 'not-allowed', 'taken out');
	roomChanges(r, old, admin, removed);
	await admissions(h, r, old, chains);
}

function roomChanges(/** @type {Room} */ r, /** @type {Room} */ old, /** @type {boolean} */ admin, /** @type {boolean} */ removed) {
	check(admin || (same(r.state, old.state) && r.links.length === old.links.length), 'not-allowed', 'state or links');
	for (const l of r.links) {
		const was = old.links.find((x) => same(x.id, l.id));
		if (!was) check(admin && l.used.length === 0, 'not-allowed', 'a new link');
		else check(!removed && l.expiry === was.expiry && l.uses === was.uses, 'not-allowed', 'a link');
	}
}

async function admissions(/** @type {Header} */ h, /** @type {Room} */ r, /** @type {Room} */ old, /** @type {Chain[]} */ chains) {
	/** @type {{ link: Bytes, id: Bytes }[]} */
	const used = [];
	for (const a of r.admitted) {
		const j = await join(a.request);
		await admission(h, j, a.account, old, chains);
		used.push({ link: j.link, id: j.id });
	}
	for (const l of r.links) {
		const was = old.links.find((x) => same(x.id, l.id))?.used ?? [];
		const want = [...was, ...used.filter((u) => same(u.link, l.id)).map((u) => u.id)].sort(compare);
		check(want.length === l.used.length && want.every((id, i) => same(id, l.used[i])), 'link', 'uses');
	}
}

async function admission(/** @type {Header} */ h, /** @type {Awaited<ReturnType<typeof join>>} */ j, /** @type {Bytes} */ account, /** @type {Room} */ old, /** @type {Chain[]} */ chains) {
	const link = old.links.find((l) => same(l.id, j.link));
	if (!link || !h.room?.links.some((l) => same(l.id, j.link))) throw new Refusal('link', 'no such link');
	check(!holds(link.used, j.id), 'link', 'used');
	check(h.time < link.expiry && h.time < j.expiry, 'link', 'expired');
	check(same(j.conversation, h.conversation) && same(j.account, account), 'link', 'made for something else');
	const member = memberOf(h, account);
	const slot = member?.slots.find(([d]) => same(d, j.device));
	if (!member || !slot || !same(slot[1], j.prekey)) throw new Refusal('link', 'device');
	const chain = chains.find((c) => same(c.id, account));
	if (!chain || j.head.number > member.head.number || !chain.has(j.head.number, j.head.hash)) throw new Refusal('head', 'request');
	const device = keyOf(chains, j.device);
	if (!device) throw new Refusal('head', 'chain');
	await verified(j.object, device.n);
}
