// @ts-check
// SHA3-256 (FIPS 202): crypto.subtle does not have it.

/** @typedef {import('./cbor.js').Bytes} Bytes */

const mask = (1n << 64n) - 1n;
const rotate = (/** @type {bigint} */ x, /** @type {number} */ n) => ((x << BigInt(n)) | (x >> BigInt(64 - n))) & mask;

/** The round constants, by the shift register of §3.2.5. */
const constants = (() => {
	let r = 1;
	const bit = () => {
		const out = r & 1;
		r = (r << 1) ^ (r >> 7 ? 0x171 : 0);
		return out;
	};
	return Array.from({ length: 24 }, () => {
		let c = 0n;
		for (let j = 0; j < 7; j++) if (bit()) c |= 1n << BigInt((1 << j) - 1);
		return c;
	});
})();

/** Keccak-p[1600, 24] on 25 lanes, x + 5y. */
function permute(/** @type {bigint[]} */ a) {
	for (const constant of constants) {
		const columns = [0, 1, 2, 3, 4].map((x) => a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]);
		for (let i = 0; i < 25; i++) a[i] ^= columns[(i + 4) % 5] ^ rotate(columns[(i + 1) % 5], 1);
		let [x, y] = [1, 0];
		let lane = a[1];
		for (let t = 0; t < 24; t++) {
			[x, y] = [y, (2 * x + 3 * y) % 5];
			const at = x + 5 * y;
			[lane, a[at]] = [a[at], rotate(lane, (((t + 1) * (t + 2)) / 2) % 64)];
		}
		for (let row = 0; row < 25; row += 5) {
			const old = a.slice(row, row + 5);
			for (let i = 0; i < 5; i++) a[row + i] = old[i] ^ (~old[(i + 1) % 5] & mask & old[(i + 2) % 5]);
		}
		a[0] ^= constant;
	}
}

/** SHA3-256 of bytes. */
export function sha3(/** @type {Bytes} */ data) {
	const rate = 136;
	const padded = new Uint8Array(Math.ceil((data.length + 1) / rate) * rate);
	padded.set(data);
	padded[data.length] ^= 0x06;
	padded[padded.length - 1] ^= 0x80;
	const lanes = new Array(25).fill(0n);
	const view = new DataView(padded.buffer);
	for (let at = 0; at < padded.length; at += rate) {
		for (let i = 0; i < rate / 8; i++) lanes[i] ^= view.getBigUint64(at + 8 * i, true);
		permute(lanes);
	}
	const out = new DataView(new ArrayBuffer(32));
	for (let i = 0; i < 4; i++) out.setBigUint64(8 * i, lanes[i], true);
	return new Uint8Array(out.buffer);
}
