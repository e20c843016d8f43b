// @ts-check
// Accounts: PROTOCOL.md §5.

import { compare, decode, encode } from './cbor.js';
import { compositeKey, prefix, rsaKey, same, sign1, thumbprint, verified } from './objects.js';
import { check, Refusal } from './refusal.js';
import * as s from './shape.js';
import { expand, extract } from './suite.js';

/** @typedef {import('./cbor.js').Bytes} Bytes */

/** @typedef {{ id: Bytes, n: Bytes, added: number, revoked: number }} Device */

/** An account's chain, verified link by link. */
export class Chain {
	/** @type {Bytes[]} */ hashes = [];
	/** @type {Device[]} */ devices = [];
	time = 0;

	get id() {
		return this.hashes[0];
	}

	has(/** @type {number} */ number, /** @type {Bytes} */ wanted) {
		return number < this.hashes.length && same(this.hashes[number], wanted);
	}

	/** The devices active when a link was the newest, ascending. */
	active(number = this.hashes.length - 1) {
		const active = this.devices.filter((d) => d.added <= number && (d.revoked === 0 || d.revoked > number));
		return active.sort((a, b) => compare(a.id, b.id));
	}

	device(/** @type {Bytes} */ id) {
		return this.devices.find((d) => same(d.id, id));
	}

	async append(/** @type {Bytes} */ data) {
		const link = await readLink(data);
		if (this.hashes.length === 0) return this.begin(link);
		check(link.kind !== 1 && link.number === this.hashes.length, 'number', 'place in the chain');
		check(same(link.account, this.id), 'foreign', 'account');
		check(same(link.prev, this.hashes[this.hashes.length - 1]), 'prev', 'link before');
		check(link.time >= this.time, 'time', 'older');
		check(this.hashes.length < 1024, 'too-large', 'chain');
		const signer = this.device(link.object.kid);
		if (!signer || signer.revoked) throw new Refusal('inactive', 'signer');
		await verified(link.object, signer.n);
		if (link.kind === 2) await this.add(link);
		else this.revoke(link);
		this.hashes.push(link.object.hash);
		this.time = link.time;
	}

	async begin(/** @type {Awaited<ReturnType<typeof readLink>>} */ link) {
		check(link.kind === 1, 'number', 'link 0 is no create');
		await verified(link.object, link.key);
		this.devices.push({ id: await thumbprint(link.key), n: link.key, added: 0, revoked: 0 });
		this.hashes.push(link.object.hash);
		this.time = link.time;
	}

	async add(/** @type {Awaited<ReturnType<typeof readLink>>} */ link) {
		const request = await readRequest(link.request);
		check(same(request.account, this.id), 'foreign', 'request');
		const id = await thumbprint(request.key);
		check(!this.device(id), 'duplicate', 'device');
		check(request.head.number < link.number && this.has(request.head.number, request.head.hash), 'request', 'head');
		check(request.expiry >= link.time, 'request', 'expired');
		check(this.active().length < 32, 'too-large', 'devices');
		this.devices.push({ id, n: request.key, added: link.number, revoked: 0 });
	}

	revoke(/** @type {Awaited<ReturnType<typeof readLink>>} */ link) {
		const device = this.device(link.device);
		if (!device || device.revoked) throw new Refusal('inactive', 'revoked device');
		device.revoked = link.number;
	}
}

/** Verifies a whole chain. */
export async function chain(/** @type {Bytes[]} */ links) {
	check(links.length > 0, 'malformed', 'no links');
	const c = new Chain();
	for (const link of links) await c.append(link);
	return c;
}

const none = new Uint8Array();

async function readLink(/** @type {Bytes} */ data) {
	const object = await sign1(data, prefix + 'link', 4096);
	const shape = s.tuple(s.uint, s.uint, s.bytes(), s.uint, s.bytes(), s.uint, s.any);
	const [version, kind, account, number, prev, time, body] = shape(decode(object.payload));
	check(version === 1, 'version', String(version));
	if (kind === 1) check(number === 0 && account.length === 0 && prev.length === 0, 'malformed', 'create');
	else check(number > 0 && account.length === 32 && prev.length === 32, 'malformed', 'place');
	const link = { object, kind, account, number, prev, time, key: none, request: none, device: none };
	if (kind === 1) link.key = rsaKey(s.tuple(s.any)(body)[0]);
	else if (kind === 2) link.request = s.tuple(s.bytes())(body)[0];
	else if (kind === 3) link.device = s.tuple(s.bytes(32))(body)[0];
	else throw new Refusal('malformed', 'kind');
	return link;
}

const head = (/** @type {any} */ value) => {
	const [number, hash] = s.tuple(s.uint, s.bytes(32))(value);
	return { number, hash };
};

async function readRequest(/** @type {Bytes} */ data) {
	const object = await sign1(data, prefix + 'device-request', 4096);
	const shape = s.tuple(s.bytes(32), head, s.any, s.bytes(16), s.uint);
	const [account, at, map, , expiry] = shape(decode(object.payload));
	const key = rsaKey(map);
	await verified(object, key);
	return { account, head: at, key, expiry };
}

/** A prekey (§5.2), verified by its device's key. */
export async function prekey(/** @type {Bytes} */ data, /** @type {Bytes} */ n) {
	const object = await sign1(data, prefix + 'prekey', 4096);
	const [account, device, counter, expiry, map] = s.tuple(s.bytes(32), s.bytes(32), s.uint, s.uint, s.any)(decode(object.payload));
	check(counter > 0 && same(device, object.kid), 'malformed', 'counter or device');
	compositeKey(map);
	await verified(object, n);
	return { account, device, counter, expiry, map: encode(map) };
}

/** A login (§5.3), as the relay checks it. */
export async function login(/** @type {Bytes} */ data, /** @type {Bytes} */ n, /** @type {string} */ origin, /** @type {Bytes} */ nonce) {
	const object = await sign1(data, prefix + 'login', 2048);
	const [purpose, at, challenge, account, device] = s.tuple(s.text, s.text, s.bytes(32), s.bytes(32), s.bytes(32))(decode(object.payload));
	check(purpose === 'login' && same(device, object.kid), 'malformed', 'purpose or device');
	check(at === origin, 'origin', at);
	check(same(challenge, nonce), 'nonce', 'another');
	await verified(object, n);
	return { account, device };
}

/** A handle (§5.4). */
export function handle(/** @type {string} */ text) {
	check(/^[a-z0-9]([a-z0-9._-]{0,30}[a-z0-9])?$/.test(text), 'handle', text);
	return text;
}

/** The safety number of two accounts (§5.5). */
export async function safetyNumber(/** @type {Bytes} */ a, /** @type {Bytes} */ b) {
	const [low, high] = [a, b].sort(compare);
	const digits = await expand(await extract(low, high), 'safety number', none, 60);
	const groups = Array.from({ length: 12 }, (_, i) => {
		const value = digits.slice(5 * i, 5 * i + 5).reduce((v, x) => (v << 8n) | BigInt(x), 0n);
		return String(value % 100000n).padStart(5, '0');
	});
	return groups.join(' ');
}

/** A verification code (§5.5). */
export function code(/** @type {string} */ text) {
	try {
		const rest = /^sotto:1:([A-Za-z0-9_-]+)$/.exec(text)?.[1] ?? '';
		const data = Uint8Array.from(atob(rest.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
		check(data.length <= 256, 'code', 'too long');
		const side = s.tuple(s.bytes(32), head);
		const [[low, lowHead], [high, highHead]] = s.tuple(side, side)(decode(data));
		check(compare(low, high) < 0, 'code', 'order');
		check(writeCode(data) === text, 'code', 'another form');
		return { low, lowHead, high, highHead };
	} catch {
		throw new Refusal('code', 'not a code');
	}
}

const writeCode = (/** @type {Bytes} */ data) =>
	'sotto:1:' + btoa(String.fromCharCode(...data)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

