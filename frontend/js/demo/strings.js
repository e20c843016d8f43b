// @ts-check
// Stands in the demo's bundle for the chat's catalogue, which is larger than all
// of the demo's script: what the chat's elements ask for is among its own words.

import { maybe } from './words.js';

/** @param {string} key @param {Record<string, string | number>} [params] */
export const t = (key, params) => maybe(key, params);
