// @ts-check
// An object as lines of diagnostic notation, and the kind of each part for its
// colour. Nothing here touches a page.

/** @typedef {import('./contract.js').Part} Part */
/** @typedef {'frame' | 'name' | 'secret' | 'proof' | 'words'} Kind */

/** @type {readonly Kind[]} */
export const kinds = ['frame', 'name', 'secret', 'proof', 'words'];

/** @type {Readonly<Record<Exclude<Kind, 'frame'>, readonly string[]>>} */
const labels = {
  name: ['kid', 'place.conversation', 'place.epoch', 'place.index', 'place.generation', 'member.account', 'slot.device', 'slot.prekey',
    'header.conversation', 'header.number', 'header.prev', 'header.creator', 'header.time', 'content.epoch', 'content.generation', 'content.client',
    'prekey.account', 'prekey.device', 'prekey.counter', 'prekey.expiry', 'seen.position', 'head.number', 'link.time'],
  secret: ['ciphertext', 'lattice-ciphertext', 'rsa-ciphertext', 'modulus', 'lattice-key', 'rsa-der', 'secret', 'carried.secret', 'weak.key', 'weak.ciphertext'],
  proof: ['signature', 'tag', 'hash', 'seen.log', 'head.hash', 'commit.confirm', 'commit.wrap', 'nonce', 'weak.iv'],
  words: ['text.text', 'text.time', 'padding.zeros', 'padding.length'],
};

/** @type {Map<string, Kind>} */
const kindByLabel = new Map(Object.entries(labels).flatMap(([kind, all]) => all.map((label) => /** @type {const} */ ([label, /** @type {Kind} */ (kind)]))));

/** @param {string} label @returns {Kind} */
export const kindOf = (label) => kindByLabel.get(label) ?? 'frame';

/**
 * The deepest part of each byte: the last in order that has it.
 * @param {readonly Part[]} parts
 * @param {number} size
 */
export function owners(parts, size) {
  const owner = new Uint16Array(size);
  parts.forEach((part, i) => owner.fill(i, part.start, part.end));
  return owner;
}

/** Long byte strings are cut in the lines; the bytes themselves stand beside. */
const LONG = 48;

/** @param {string} text */
const cut = (text) => (text.length > LONG && /^(h')?[0-9a-f]+'?$/.test(text) ? `${text.slice(0, 34)}…${text.slice(-7)}` : text);

/**
 * @typedef {object} Line
 * @property {number} part
 * @property {number} depth
 * @property {string} text
 * @property {boolean} closing it only ends its part
 */

/**
 * @param {readonly Part[]} parts in order: what lies within a part comes after it
 * @returns {Line[]}
 */
export function lines(parts) {
  /** @type {Line[]} */
  const list = [];
  /** @type {number[]} */
  const open = [];
  /** @param {number} depth */
  const close = (depth) => {
    for (let i = open.at(-1); i !== undefined && at(i).depth >= depth; i = open.at(-1)) {
      list.push({ part: i, depth: at(i).depth, text: at(i).close, closing: true });
      open.pop();
    }
  };
  /** @param {number} i */
  const at = (i) => /** @type {Part} */ (parts[i]);
  parts.forEach((part, i) => {
    close(part.depth);
    const inside = part.close !== '' && (parts[i + 1]?.depth ?? -1) > part.depth;
    const text = inside ? part.open : cut(part.open) + part.close;
    list.push({ part: i, depth: part.depth, text: part.key === '' ? text : `${part.key}: ${text}`, closing: false });
    if (inside) open.push(i);
  });
  close(0);
  return list;
}
