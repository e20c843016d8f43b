// @ts-check
// What is remembered outside the engine: nothing that tells of people or
// words, only what must be known before the engine has answered, and what was
// chosen for this browser. assets/first.js reads the same keys.

import { NAMES, preferencesFrom } from '../core/preferring.js';

/** @typedef {import('../core/model.js').Preferences} Preferences */

const JOINED = 'sotto.joined';

/** @param {string} name of a preference */
const keyOf = (name) => `sotto.${name}`;

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

const preferences = () => preferencesFrom((name) => get(keyOf(name)));

export const memory = {
  read: () => ({ joined: get(JOINED) !== null, preferences: preferences() }),
  /** @param {boolean} yes an account is in this browser */
  joined: (yes) => set(JOINED, yes ? '1' : null),
  /** @param {Preferences} chosen */
  prefer(chosen) {
    for (const name of NAMES) set(keyOf(name), chosen[name]);
  },
  /** Nothing is left. */
  erase() {
    for (const key of [JOINED, ...NAMES.map(keyOf)]) set(key, null);
  },
  /** @param {(chosen: Preferences) => void} changed in another tab */
  watch(changed) {
    const keys = NAMES.map(keyOf);
    addEventListener('storage', (event) => {
      if (event.key === null || keys.includes(event.key)) changed(preferences());
    });
  },
};
