// @ts-check
// Ids, numbers and bytes that the fake engine makes up, always the same for the same names.

/** @param {string} text */
export const hash = (text) => [...text].reduce((n, c) => (Math.imul(n, 31) + c.charCodeAt(0)) >>> 0, 7);

/** @param {string} text @param {number} bytes */
export const idOf = (text, bytes) => Array.from({ length: bytes / 4 }, (_, i) => hash(text + i).toString(16).padStart(8, '0')).join('');

/** @param {Pick<import('./talk.js').Talk, 'handle' | 'account' | 'verified' | 'changed' | 'entries'>} who @param {number} now */
export function contactOf({ handle, account, verified, changed, entries }, now) {
  const number = (/** @type {string} */ seed) => Array.from({ length: 12 }, (_, i) => String(hash(seed + i) % 100000).padStart(5, '0')).join(' ');
  return {
    handle, account, verified, safetyNumber: number(account), qr: `sotto:${account}:${idOf(handle, 32)}`,
    devices: [{ id: idOf(account, 32), active: true }], since: entries[0]?.time ?? now,
    changed: changed ? { account: idOf(`${handle}!`, 32), safetyNumber: number(`${account}!`) } : null,
  };
}

/** @param {string} conversation @param {import('../core/contract.js').Entry} entry */
export function inspectionOf(conversation, { id, position }) {
  if (position === null) throw { code: 'not-sent', message: 'not-sent' };
  const sealed = Uint8Array.from({ length: 1312 }, (_, i) => hash(`${id}${i}`) % 256);
  const fields = [
    { name: 'conversation', value: conversation, about: 'conversation' },
    { name: 'position', value: String(position), about: 'position' },
    { name: 'epoch', value: '0', about: 'epoch' },
    { name: 'sender', value: '1', about: 'sender' },
    { name: 'size', value: String(sealed.length), about: 'size' },
  ];
  return { position, sealed, fields };
}
