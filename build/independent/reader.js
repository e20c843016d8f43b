// @ts-check
// One device's view of a conversation: PROTOCOL.md §6 to §9.

import { decode, encode } from './cbor.js';
import { cause, commit, directID, follows, logNext, logStart, messageKey, nextChain, schedule, seenShape, signed, unpad, unwrap } from './conversation.js';
import { groupState, leave } from './group.js';
import { opened, prefix, same, sealed, sign1, verified } from './objects.js';
import { check, Refusal } from './refusal.js';
import * as s from './shape.js';
import { extract, hash } from './suite.js';

/** @typedef {import('./cbor.js').Bytes} Bytes */
/** @typedef {import('./conversation.js').Commit} Commit */

const none = new Uint8Array();

/**
 * @typedef {object} Own a reader's own keys
 * @property {Bytes} device
 * @property {Bytes} holder PKCS #1 key of its prekey
 * @property {Bytes} seed
 * @property {Bytes} prekey thumbprint
 * @property {number} expiry
 */

/** One device's view of a conversation. It only reads. */
export class Reader {
	position = 0;
	openedAt = 0;
	/** @type {Bytes[]} */ log = [];
	init = new Uint8Array(32);
	/** @type {Commit | null} */ epoch = null;
	/** @type {{ chain: Bytes, signal: Bytes, generation: number, last: number, wrote: number, counter: number }[]} */ senders = [];
	/** @type {Bytes[]} */ left = [];
	/** Whether it has no keys of the newest epoch. */ lost = false;
	gone = false;
	name = '';
	/** @type {Bytes} */ state = none;
	/** @type {Bytes} */ link = none;
	/** @type {Bytes[]} */ epochs = [];
	/** @type {Bytes[]} */ epochKeys = [];
	/** @type {Bytes[]} */ messageKeys = [];

	constructor(/** @type {Own} */ own, /** @type {import('./account.js').Chain[]} */ chains) {
		this.own = own;
		this.chains = chains;
		/** @type {Bytes} */ this.id = none;
	}

	/** A reader of a conversation from its start: of two, or of the group with an id. */
	static async begin(/** @type {Own} */ own, /** @type {import('./account.js').Chain[]} */ chains, /** @type {Bytes} */ group = none) {
		const r = new Reader(own, chains);
		r.id = group.length > 0 ? group : await directID(chains[0].id, chains[1].id);
		r.log = [await logStart(r.id)];
		return r;
	}

	/** Opens the next event. It keeps its position whatever it is. @returns {Promise<{ message?: any, lost?: Refusal }>} */
	async open(/** @type {number} */ kind, /** @type {Bytes} */ event, /** @type {Bytes} */ wrap) {
		/** @type {() => any} */
		let accept = () => ({});
		/** @type {Refusal | null} */
		let refused = null;
		try {
			check(kind >= 1 && kind <= 3, 'malformed', 'kind');
			accept = kind === 1 ? await this.openCommit(event, wrap) : kind === 2 ? await this.openLeave(event) : await this.openMessage(event);
		} catch (e) {
			refused = cause(e);
		}
		await this.advance(kind, await hash(event));
		if (kind === 3) this.claim(event);
		if (refused) throw refused;
		return accept();
	}

	async advance(/** @type {number} */ kind, /** @type {Bytes} */ event) {
		this.position++;
		this.log[this.position] = await logNext(this.id, this.position, this.log[this.position - 1], kind, event);
	}

	/** Notes whose slot a message stands in, whatever became of it (§7). */
	claim(/** @type {Bytes} */ event) {
		try {
			const object = sealed(event, prefix + 'message', 131072);
			this.slot(object).sender.wrote = this.position;
		} catch (e) {
			if (!(e instanceof Refusal)) throw e;
		}
	}

	/** What an author has seen (§7). */
	checkSeen(/** @type {any[]} */ [p, l], /** @type {number} */ last) {
		check(p <= this.position && p >= this.openedAt && p >= last, 'seen', `position ${p}`);
		check(same(l, this.log[p]), 'split-view', `position ${p}`);
	}

	async openCommit(/** @type {Bytes} */ event, /** @type {Bytes} */ wrap) {
		const c = await commit(event);
		const h = c.header;
		check(same(h.conversation, this.id), 'conversation', 'another');
		await follows(c, this.epoch, this.chains, this.left);
		const at = this.epoch?.header.slots.findIndex((x) => same(x.device, h.creator)) ?? -1;
		this.checkSeen(h.seen, at < 0 ? 0 : this.senders[at].wrote);
		check(this.epoch !== null || h.slots.some((x) => same(x.device, this.own.device)), 'stale-prekey', 'not in the roster');
		return this.takes(c, await this.keys(c, wrap));
	}

	/** Lets this device in with a commit (§6.7): its log begins after what the commit names as seen. */
	async enter(/** @type {Bytes} */ event, /** @type {Bytes} */ wrap, /** @type {number[]} */ kinds, /** @type {Bytes[]} */ hashes) {
		const c = await commit(event);
		const h = c.header;
		check(same(h.conversation, this.id), 'conversation', 'another');
		const slot = h.slots.find((x) => same(x.device, this.own.device));
		if (!slot) throw new Refusal('stale-prekey', 'not in the roster');
		const byLink = h.room?.admitted.some((a) => same(a.account, slot.account)) ?? false;
		check(byLink === this.link.length > 0, 'link', 'another way in than it asked for');
		check(h.number > 0, 'number', 'first');
		await signed(c, null, this.chains);
		this.position = h.seen[0];
		this.openedAt = this.position;
		this.log[this.position] = h.seen[1];
		for (const [i, kind] of kinds.entries()) await this.advance(kind, hashes[i]);
		const keys = await this.keys(c, wrap);
		if (byLink && keys instanceof Refusal) throw keys;
		await this.advance(1, await hash(event));
		return this.takes(c, keys)();
	}

	/** The keys of an epoch that may open, or why there are none (§6.3, steps 6 to 9). */
	async keys(/** @type {Commit} */ c, /** @type {Bytes} */ wrap) {
		try {
			return await this.unwrapped(c, wrap);
		} catch (e) {
			return cause(e);
		}
	}

	async unwrapped(/** @type {Commit} */ c, /** @type {Bytes} */ wrap) {
		const h = c.header;
		check(!same(h.creator, this.own.device), 'copied-profile', 'own commit');
		const index = h.slots.findIndex((x) => same(x.device, this.own.device));
		check(index >= 0, 'gone', 'not in the roster');
		const slot = h.slots[index];
		check(same(slot.prekey, this.own.prekey) && h.time < this.own.expiry, 'stale-prekey', 'own slot');
		check(same(await hash(wrap), c.wraps[index]), 'wrap-altered', 'hash');
		const byLink = h.room?.admitted.some((a) => same(a.account, slot.account));
		const content = await unwrap(wrap, this.own.holder, this.own.seed, h.hash, this.own.device, byLink ? this.link : none);
		const was = this.epoch?.header.slots.find((x) => same(x.device, this.own.device));
		const holdsInit = (was?.prekey.length ?? 0) > 0 && !h.rejoin.some((/** @type {Bytes} */ d) => same(d, this.own.device));
		check(!holdsInit || !this.lost, 'lost', 'nothing of the epoch before');
		check(content.content === (holdsInit ? 1 : 2), 'wrap-unusable', 'content');
		const keys = await schedule(holdsInit ? await extract(this.init, content.secret) : content.secret, h.hash);
		check(same(keys.confirm, c.confirm), 'confirm', 'another secret');
		const senders = await Promise.all(h.slots.map(async (slot) => ({ chain: await keys.chain(slot.device), signal: await keys.signal(slot.device) })));
		return { keys, senders, group: h.room ? await this.learned(h.room, keys.joiner) : null };
	}

	/** What an epoch tells of its group; null where nobody can read it. */
	async learned(/** @type {import('./group.js').Room} */ r, /** @type {Bytes} */ joiner) {
		try {
			return await groupState(r.sealed, joiner, r.state, unpad);
		} catch (e) {
			if (e instanceof Refusal) return null;
			throw e;
		}
	}

	/** Makes a commit's epoch the newest one. */
	takes(/** @type {Commit} */ c, /** @type {Refusal | Awaited<ReturnType<Reader['unwrapped']>>} */ got) {
		const h = c.header;
		return () => {
			this.epoch = c;
			this.openedAt = this.position;
			this.left = [];
			this.lost = got instanceof Refusal;
			this.gone = !h.slots.some((x) => same(x.device, this.own.device));
			this.init = got instanceof Refusal ? none : got.keys.init;
			this.senders = h.slots.map((_, i) => ({
				chain: none, signal: none, ...(got instanceof Refusal ? {} : got.senders[i]), generation: 0, last: 0, wrote: 0, counter: 0,
			}));
			const creator = this.senders[h.slots.findIndex((x) => same(x.device, h.creator))];
			creator.last = creator.wrote = this.position;
			if (h.room) this.remember(h.room, got instanceof Refusal ? null : got.group);
			if (got instanceof Refusal) return this.gone ? {} : { lost: got };
			this.epochs.push(c.id);
			this.epochKeys.push(got.keys.epochKey);
			return {};
		};
	}

	remember(/** @type {import('./group.js').Room} */ r, /** @type {{ name: string } | null} */ group) {
		if (!group && same(this.state, r.state)) return;
		this.name = group?.name ?? '';
		this.state = group ? r.state : none;
	}

	async openLeave(/** @type {Bytes} */ event) {
		if (!this.epoch) throw new Refusal('rule', 'no epoch');
		const l = await leave(event, this.epoch, this.left, this.chains);
		const sender = this.senders[this.epoch.header.slots.findIndex((x) => same(x.device, l.device))];
		this.checkSeen(l.seen, sender.wrote);
		return () => {
			this.left.push(l.account);
			sender.last = sender.wrote = this.position;
			if (same(l.device, this.own.device)) throw new Refusal('copied-profile', 'own leave');
			return {};
		};
	}

	/** Where a sealed object says it belongs: the slot. */
	slot(/** @type {ReturnType<typeof sealed>} */ object) {
		check(same(object.conversation, this.id), 'conversation', 'another');
		if (!this.epoch || object.number !== this.epoch.header.number) throw new Refusal('epoch', 'another');
		const slot = this.epoch.header.slots[object.index];
		check(slot, 'sender', 'slot');
		return { slot, sender: this.senders[object.index], id: this.epoch.id };
	}

	/** The signing key of a slot's device. */
	signer(/** @type {{ device: Bytes }} */ slot) {
		const device = this.chains.flatMap((c) => c.devices).find((d) => same(d.id, slot.device));
		if (!device) throw new Refusal('sender', 'unknown device');
		return device.n;
	}

	async openMessage(/** @type {Bytes} */ event) {
		const object = sealed(event, prefix + 'message', 131072);
		const { slot, sender, id } = this.slot(object);
		check(this.left.length === 0, 'closed', 'someone left');
		check(!this.lost, 'lost', 'no keys');
		const g = object.generation;
		check(g >= sender.generation, 'replayed', `generation ${g}`);
		check(g - sender.generation <= 1000, 'generation', `generation ${g}`);
		let chain = sender.chain;
		for (let i = sender.generation; i < g; i++) chain = await nextChain(chain);
		const key = await messageKey(chain);
		const inner = await sign1(unpad(await opened(object, key, id)), prefix + 'content', 131072);
		const [epoch, generation, seen, client, map] = s.tuple(s.bytes(32), s.uint, seenShape, s.bytes(16), s.any)(decode(inner.payload));
		check(same(inner.kid, slot.device), 'sender', 'kid');
		check(same(epoch, id), 'epoch', 'inside');
		check(generation === g, 'sender', 'generation inside');
		await verified(inner, this.signer(slot));
		this.checkSeen(seen, sender.last);
		check(!same(slot.device, this.own.device), 'copied-profile', 'own message');
		const next = await nextChain(chain);
		return () => {
			sender.chain = next;
			sender.generation = g + 1;
			sender.last = this.position;
			this.messageKeys.push(key);
			return { message: { client, sender: slot.device, body: encode(map) } };
		};
	}

	/** Opens a receipt (§9). */
	async receipt(/** @type {Bytes} */ data) {
		const object = sealed(data, prefix + 'signal', 2048);
		check(same(object.conversation, this.id), 'conversation', 'another');
		if (!this.epoch) throw new Refusal('ahead', 'no epoch');
		check(object.number >= this.epoch.header.number, 'old', 'epoch');
		check(object.number <= this.epoch.header.number, 'ahead', 'epoch');
		const { slot, sender, id } = this.slot(object);
		check(object.generation > sender.counter && !same(slot.device, this.own.device), 'old', 'counter');
		const inner = await sign1(await opened(object, sender.signal, id), prefix + 'receipt', 2048);
		check(same(inner.kid, slot.device), 'sender', 'kid');
		await verified(inner, this.signer(slot));
		const [epoch, counter, delivered, readTo, seen] = s.tuple(s.bytes(32), s.uint, s.uint, s.uint, seenShape)(decode(inner.payload));
		check(same(epoch, id), 'epoch', 'inside');
		check(counter === object.generation, 'sender', 'counter inside');
		check(readTo <= delivered && delivered <= seen[0], 'malformed', 'positions');
		check(seen[0] <= this.position, 'ahead', 'position');
		this.checkSeen(seen, 0);
		return { sender: slot.device, delivered, read: readTo, seen: seen[0] };
	}

	/** Opens an activity (§9.2). */
	async activity(/** @type {Bytes} */ data) {
		const object = sealed(data, prefix + 'activity', 256);
		check(same(object.conversation, this.id), 'conversation', 'another');
		if (!this.epoch) throw new Refusal('ahead', 'no epoch');
		check(object.number >= this.epoch.header.number, 'old', 'epoch');
		check(object.number <= this.epoch.header.number, 'ahead', 'epoch');
		const { slot, sender, id } = this.slot(object);
		check(!same(slot.device, this.own.device), 'old', 'own slot');
		const [version, kind, on] = s.tuple(s.uint, s.uint, s.flag)(decode(await opened(object, sender.signal, id)));
		check(version === 1 && (kind === 1 || kind === 2), 'newer', `${kind}, ${version}`);
		return { sender: slot.device, time: object.generation, kind, on };
	}
}
