// @ts-check
// The state of a page on which nothing has happened.

import { subtle } from './keys.js';

/** @typedef {import('./state.js').State} State */

/** @returns {State} */
export const empty = () => ({
  depth: 0, look: 'system', view: 'walk', fault: null, subtle: subtle(), making: 'alice', ready: false,
  objects: new Map(), steps: [], at: 0, playing: false, slow: false,
  chosen: null, byte: 0, bits: [], attack: null,
  search: { running: false, slow: false, which: 0, fates: '', newest: '', ended: null, times: [], subtle: [] },
  plays: [], play: 'swap', played: null, acts: 0, busy: false,
  commands: null, vectors: null, figures: null,
});
