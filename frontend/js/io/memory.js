// @ts-check
// What is remembered outside the engine: nothing that tells of people or
// words, only how the page should look before the engine has answered.
// assets/first.js reads the same keys.

/** @typedef {import('../core/model.js').Appearance} Appearance */

const JOINED = 'sotto.joined';
const APPEARANCE = 'sotto.appearance';

/** @param {string | null} value @returns {Appearance} */
const known = (value) => (value === 'light' || value === 'dark' ? value : 'system');

/** @param {string} key */
function get(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is blocked: the engine says so
  }
}

/** @param {string} key @param {string | null} value */
function set(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // as above
  }
}

export const memory = {
  read: () => ({ joined: get(JOINED) !== null, appearance: known(get(APPEARANCE)) }),
  /** @param {boolean} yes an account is in this browser */
  joined: (yes) => set(JOINED, yes ? '1' : null),
  /** @param {Appearance} value */
  appearance: (value) => set(APPEARANCE, value === 'system' ? null : value),
  /** @param {(value: Appearance) => void} changed in another tab */
  watch(changed) {
    addEventListener('storage', (event) => {
      if (event.key === APPEARANCE) changed(known(event.newValue));
    });
  },
};
