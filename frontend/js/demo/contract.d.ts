// What the demo's engine can be asked and what it tells. A test compares this with its table in Go.

export interface Part {
  label: string;
  start: number;
  end: number;
  depth: number;
  key: string;
  open: string;
  close: string;
}

export interface Object {
  id: string;
  type: string;
  of: string;
  secret: boolean;
  tried: boolean;
  bytes: Uint8Array;
  parts: Part[];
}

export interface Show {
  at: string;
  from: string;
  object: string;
}

export interface Fact {
  at: string;
  key: string;
  value: string;
}

export interface Step {
  id: string;
  who: string;
  shows: Show[];
  facts: Fact[];
}

export interface Journey {
  objects: Object[];
  steps: Step[];
}

export interface Verdict {
  who: string;
  off: string[];
  refused: boolean;
  cause: string;
  words: string;
  text: string;
  stuck: boolean;
}

export interface Attack {
  object: string;
  bytes: Uint8Array;
  part: number;
  verdicts: Verdict[];
}

export interface Act {
  who: string;
  key: string;
  result: string;
  cause: string;
  words: string;
  detail: Record<string, string>;
}

export interface Played {
  ours: Act[];
  weak: Act[];
}

export interface RSA {
  n: Uint8Array;
  d: Uint8Array;
  p: Uint8Array;
  q: Uint8Array;
  dp: Uint8Array;
  dq: Uint8Array;
  qi: Uint8Array;
}

export interface Material {
  private: RSA;
  public: RSA;
  wrapped: Uint8Array;
  unwrapped: Uint8Array;
  key: Uint8Array;
  nonce: Uint8Array;
  associated: Uint8Array;
  sealed: Uint8Array;
  plain: Uint8Array;
  message: Uint8Array;
  signature: Uint8Array;
}

export interface Made {
  p: Uint8Array;
  q: Uint8Array;
  candidates: number;
  milliseconds: number;
}

export interface Judged {
  ok: boolean;
  said: string;
}

export interface Figure {
  runs: number;
  nanoseconds: number;
}

export interface Pair {
  p: Uint8Array;
  q: Uint8Array;
}

export interface Operations {
  enlist: { args: { name: string; sign: Pair; decrypt: Pair; next: Pair | null }; result: {} };
  walk: { args: {}; result: Journey };
  say: { args: { from: string; text: string }; result: Journey };
  flip: { args: { object: string; bits: number[] }; result: Attack };
  scenarios: { args: {}; result: string[] };
  play: { args: { name: string }; result: Played };
  reproduce: { args: {}; result: Material };
  search: { args: { slow: boolean }; result: Made };
  stop: { args: {}; result: {} };
  judged: { args: {}; result: string[] };
  judge: { args: { object: string; name: string; outcome: string; in: Record<string, string>; out: Record<string, string> }; result: Judged };
  measured: { args: {}; result: string[] };
  measure: { args: { what: string; subtle: boolean }; result: Figure };
}

export type Op = keyof Operations;

export interface Searched {
  which: number;
  fates: string;
  by: number;
  number: Uint8Array;
}

export type DemoEvent = ({ type: 'searched' } & Searched) | { type: 'ready' } | { type: 'exit'; reason?: string };

export type Call = <K extends Op>(op: K, args: Operations[K]['args']) => Promise<Operations[K]['result']>;

/** A case of a file of test vectors. */
export interface Case {
  name: string;
  outcome: string;
  in: Record<string, string>;
  out?: Record<string, string>;
}

export interface VectorFile {
  object: string;
  about: string;
  common?: Record<string, string>;
  cases: Case[];
}
