// @ts-check
// QR codes as ISO/IEC 18004 has them: bytes alone, at level M, which bears the
// loss of 15 % of a code, in the versions 1 to 15, which hold 412 bytes.

/** By version: bytes of correction in each block, and how many blocks there are. */
const CORRECTION = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];
const VERSIONS = 15;

/** Which modules of the data a mask turns over. @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (((y / 2) | 0) + ((x / 3) | 0)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Modules of a code: true is dark. @typedef {boolean[][]} Code */

/**
 * @param {string} text of at most 412 bytes
 * @returns {Code}
 */
export function encodeQR(text) {
  const bytes = [...new TextEncoder().encode(text)];
  let version = 1;
  while (version < VERSIONS && room(version) < bytes.length) version++;
  if (room(version) < bytes.length) throw new RangeError(`${bytes.length} bytes`);
  const words = interleave(version, padded(version, bytes));
  const codes = MASKS.map((_mask, i) => draw(version, words, i));
  const costs = codes.map(cost);
  return /** @type {Code} */ (codes[costs.indexOf(Math.min(...costs))]);
}

/** Bytes of data and correction that a version holds. @param {number} version */
function capacity(version) {
  const n = Math.floor(version / 7) + 2;
  const aligned = version < 2 ? 0 : (25 * n - 10) * n - 55;
  return ((16 * version + 128) * version + 64 - aligned - (version < 7 ? 0 : 36)) >> 3;
}

/** @param {number} version */
const dataBytes = (version) => capacity(version) - at(CORRECTION, version) * at(BLOCKS, version);

/** Bytes of a text that fit. @param {number} version */
const room = (version) => dataBytes(version) - (version < 10 ? 2 : 3);

/** @param {readonly number[]} list @param {number} i */
const at = (list, i) => /** @type {number} */ (list[i]);

/**
 * The bytes after their mode and number, filled up.
 * @param {number} version
 * @param {number[]} bytes
 */
function padded(version, bytes) {
  const count = version < 10 ? [bytes.length] : [bytes.length >> 8, bytes.length & 255];
  const whole = [...count, ...bytes, 0];
  // The mode is half a byte: everything stands half a byte later.
  const shifted = whole.map((byte, i) => (((i > 0 ? at(whole, i - 1) : 4) & 15) << 4) | (byte >> 4));
  while (shifted.length < dataBytes(version)) shifted.push((shifted.length - whole.length) % 2 === 0 ? 0xec : 0x11);
  return shifted;
}

/** The product of two numbers of the field that QR codes count in. @param {number} a @param {number} b */
function multiply(a, b) {
  let product = 0;
  for (let i = 7; i >= 0; i--) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> i) & 1) * a);
  return product;
}

/** @param {number[]} data @param {number} length of the correction */
function correction(data, length) {
  const divisor = [...new Array(length - 1).fill(0), 1];
  let root = 1;
  for (let i = 0; i < length; i++, root = multiply(root, 2)) {
    divisor.forEach((d, j) => (divisor[j] = multiply(d, root) ^ (divisor[j + 1] ?? 0)));
  }
  let rest = new Array(length).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest[0];
    rest = [...rest.slice(1), 0].map((r, i) => r ^ multiply(at(divisor, i), factor));
  }
  return rest;
}

/**
 * The data in blocks, each with its correction, their bytes in turn.
 * @param {number} version
 * @param {number[]} data
 */
function interleave(version, data) {
  const n = at(BLOCKS, version);
  const short = Math.floor(data.length / n);
  const firstLong = n - (data.length % n);
  const blocks = Array.from({ length: n }, (_, i) => {
    const from = i * short + Math.max(0, i - firstLong);
    return data.slice(from, from + short + Number(i >= firstLong));
  });
  /** @param {number[][]} lists */
  const inTurn = (lists) => Array.from({ length: Math.max(...lists.map((l) => l.length)) }, (_, i) => lists.flatMap((l) => l[i] ?? [])).flat();
  return [...inTurn(blocks), ...inTurn(blocks.map((b) => correction(b, at(CORRECTION, version))))];
}

/**
 * @param {number} version
 * @param {number[]} words
 * @param {number} mask
 * @returns {Code}
 */
function draw(version, words, mask) {
  const size = version * 4 + 17;
  const code = Array.from({ length: size }, () => new Array(size).fill(null));
  /** @param {number} x @param {number} y @param {boolean | number} dark */
  const set = (x, y, dark) => y >= 0 && y < size && x >= 0 && x < size && (code[y][x] = Boolean(dark));
  drawPatterns(version, size, set);
  drawFormat(size, mask, set);
  const turned = /** @type {(x: number, y: number) => boolean} */ (MASKS[mask]);
  let i = 0;
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    for (let step = 0; step < size * 2; step++) {
      const x = right - (step % 2);
      const upward = ((right + 1) & 2) === 0;
      const y = upward ? size - 1 - (step >> 1) : step >> 1;
      if (code[y][x] !== null) continue;
      set(x, y, turned(x, y) !== Boolean((words[i >> 3] ?? 0) & (128 >> (i & 7))));
      i++;
    }
  }
  return code;
}

/** @typedef {(x: number, y: number, dark: boolean | number) => void} Set */

/** What every code of a version has. @param {number} version @param {number} size @param {Set} set */
function drawPatterns(version, size, set) {
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  /** @param {number} x @param {number} y @param {number} reach @param {number[]} light distances of the light rings */
  const rings = (x, y, reach, light) => {
    for (let dy = -reach; dy <= reach; dy++) for (let dx = -reach; dx <= reach; dx++) set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
  };
  const n = version < 2 ? 0 : Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (n * 2 - 2)) * 2;
  const centres = Array.from({ length: n }, (_, i) => (i === 0 ? 6 : size - 7 - (n - 1 - i) * step));
  centres.forEach((x, i) => centres.forEach((y, j) => {
    if (!(i === 0 && (j === 0 || j === n - 1)) && !(i === n - 1 && j === 0)) rings(x, y, 2, [1]);
  }));
  for (const [x, y] of /** @type {const} */ ([[3, 3], [size - 4, 3], [3, size - 4]])) rings(x, y, 4, [2, 4]);
  if (version < 7) return;
  const bits = (version << 12) | remainder(version, 12, 0x1f25);
  for (let i = 0; i < 18; i++) {
    set(size - 11 + (i % 3), Math.floor(i / 3), (bits >> i) & 1);
    set(Math.floor(i / 3), size - 11 + (i % 3), (bits >> i) & 1);
  }
}

/** Level and mask, twice. @param {number} size @param {number} mask @param {Set} set */
function drawFormat(size, mask, set) {
  const bits = ((mask << 10) | remainder(mask, 10, 0x537)) ^ 0x5412;
  for (let i = 0; i < 15; i++) {
    const bit = (bits >> i) & 1;
    set(8, i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, bit);
    set(i < 8 ? size - 1 - i : i === 8 ? 7 : 14 - i, 8, bit);
  }
  set(8, size - 8, true);
}

/** @param {number} value @param {number} times @param {number} polynomial */
function remainder(value, times, polynomial) {
  for (let i = 0; i < times; i++) value = (value << 1) ^ ((value >> (times - 1)) * polynomial);
  return value;
}

/** How hard a code is to read: runs, squares, what looks like a corner, and a lack of balance. @param {Code} code */
function cost(code) {
  const lines = [...code, ...code.map((_, x) => code.map((row) => row[x]))].map((line) => line.map(Number).join(''));
  let sum = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2;
    sum += 40 * [...line.matchAll(/(?=00001011101|10111010000)/g)].length;
  }
  code.forEach((row, y) => row.forEach((dark, x) => {
    if (x > 0 && y > 0 && [row[x - 1], code[y - 1]?.[x], code[y - 1]?.[x - 1]].every((other) => other === dark)) sum += 3;
  }));
  const share = code.flat().filter(Boolean).length / code.length ** 2;
  return sum + Math.floor(Math.abs(share - 0.5) * 20) * 10;
}
