// What the demo's page knows and shows, and what a person can ask of it.

import type { Attack, Figure, Object, Played, Step } from './contract.js';
import type { Command } from './commands.js';
import type { Depth } from './words.js';

export type View = 'walk' | 'plays' | 'reproduce' | 'vectors' | 'figures' | 'about';
export type Look = 'system' | 'light' | 'dark';

/** A search for primes. */
export interface Search {
  running: boolean;
  slow: boolean;
  which: number;
  /** Letters of all candidates so far. */
  fates: string;
  /** The beginning of the newest candidate in hex. */
  newest: string;
  /** How the last one ended. */
  ended: { candidates: number; milliseconds: number; found: boolean } | null;
  /** Milliseconds of every search that found a key. */
  times: number[];
  /** Milliseconds of the keys that SubtleCrypto made. */
  subtle: number[];
}

export interface CaseResult {
  name: string;
  outcome: string;
  ok: boolean;
  said: string;
}

export interface FileResult {
  object: string;
  about: string;
  cases: CaseResult[];
  of: number;
}

export interface State {
  depth: Depth;
  look: Look;
  view: View;
  /** Why nothing works, or what did not. */
  fault: { code: string; words: string } | null;
  /** Whether the browser offers its cryptography. */
  subtle: boolean;
  /** Whose keys are being made; null: all are there. */
  making: string | null;
  ready: boolean;

  objects: Map<string, Object>;
  steps: Step[];
  at: number;
  playing: boolean;
  slow: boolean;

  chosen: Object | null;
  byte: number;
  bits: number[];
  attack: Attack | null;

  search: Search;

  plays: string[];
  play: string;
  played: Played | null;
  /** How many acts of each side are shown. */
  acts: number;
  busy: boolean;

  commands: Command[] | null;

  vectors: { running: boolean; files: FileResult[]; outside: string[] } | null;
  figures: { running: boolean; what: string[]; rows: Record<string, { go?: Figure; subtle?: Figure }> } | null;
}

export type Ask =
  | { ask: 'depth'; depth: Depth }
  | { ask: 'look'; look: Look }
  | { ask: 'view'; view: View }
  | { ask: 'step'; at: number }
  | { ask: 'run'; playing: boolean }
  | { ask: 'slow'; slow: boolean }
  | { ask: 'choose'; object: string }
  | { ask: 'byte'; byte: number }
  | { ask: 'turn'; bit: number }
  | { ask: 'restore' }
  | { ask: 'say'; from: string; text: string }
  | { ask: 'search'; slow: boolean }
  | { ask: 'give-up' }
  | { ask: 'pick'; play: string }
  | { ask: 'play' }
  | { ask: 'vectors' }
  | { ask: 'figures' }
  | { ask: 'halt' };
