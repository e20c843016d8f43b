// The boundary between this application and the engine in the worker:
// operations with their arguments and results, and events. Bytes are
// Uint8Array, ids are lower-case hex, times are milliseconds since 1970,
// positions are numbers. Keys never cross.

export interface Me {
  handle: string;
  account: string;
  /** The address that opens a conversation with this account. */
  link: string;
}

export interface Blocked {
  code: string;
  detail: Record<string, string>;
}

export interface Conversation {
  id: string;
  handle: string;
  account: string;
  last: { text: string; time: number; own: boolean } | null;
  unread: number;
  activity: number;
  draft: string;
  verified: boolean;
  /** Positions up to which the other side has received and read. */
  delivered: number;
  read: number;
  blocked: Blocked | null;
}

export type EntryState = 'waiting' | 'sending' | 'sent' | 'failed';

export interface Entry {
  id: string;
  /** null while an own message waits or has failed. */
  position: number | null;
  kind: 'message' | 'notice';
  own: boolean;
  sender: string;
  time: number;
  text?: string;
  state?: EntryState;
  error?: { code: string };
  notice?: { code: string; detail: Record<string, string> };
}

export interface Connection {
  state: 'connecting' | 'online' | 'offline';
  retryAt: number | null;
  reason: string | null;
}

export interface Contact {
  handle: string;
  account: string;
  verified: boolean;
  /** 12 groups of 5 digits, separated by spaces. */
  safetyNumber: string;
  qr: string;
  devices: { id: string; active: boolean }[];
  since: number;
  changed: { account: string; safetyNumber: string } | null;
}

export interface Inspection {
  position: number;
  /** Exactly what the server stores. */
  sealed: Uint8Array;
  /** `about` names an explanation in the catalogue. */
  fields: { name: string; value: string; about: string }[];
}

export interface Boot {
  me: Me | null;
  conversations: Conversation[];
  connection: Connection;
}

export interface Page {
  /** Oldest first. */
  entries: Entry[];
  more: boolean;
}

type Nothing = Record<string, never>;

export interface Operations {
  /** The façade adds the arguments {origin, url}. */
  boot: { args: Nothing; result: Boot };
  prepare: { args: Nothing; result: Nothing };
  join: { args: { handle: string }; result: Me };
  conversations: { args: Nothing; result: Conversation[] };
  open: { args: { handle: string }; result: Conversation };
  history: { args: { conversation: string; before: number | null; limit: number }; result: Page };
  /** `id` is 16 random bytes in hex, drawn by the page: sending twice under one id is one message. */
  send: { args: { conversation: string; text: string; id: string }; result: Entry };
  retry: { args: { conversation: string; id: string }; result: Nothing };
  discard: { args: { conversation: string; id: string }; result: Nothing };
  read: { args: { conversation: string; position: number }; result: Nothing };
  draft: { args: { conversation: string; text: string }; result: Nothing };
  contact: { args: { conversation: string }; result: Contact };
  verify: { args: { conversation: string; verified: boolean }; result: Nothing };
  accept: { args: { conversation: string }; result: Conversation };
  inspect: { args: { conversation: string; id: string }; result: Inspection };
  connect: { args: Nothing; result: Nothing };
}

export type Op = keyof Operations;

/** Calls one operation; rejects with an EngineError. */
export type Call = <K extends Op>(op: K, args: Operations[K]['args']) => Promise<Operations[K]['result']>;

export interface EngineError {
  code: string;
  message: string;
}

export type EngineEvent =
  | ({ type: 'connection' } & Connection)
  | { type: 'conversation'; conversation: Conversation }
  | { type: 'entry'; conversation: string; entry: Entry }
  | { type: 'removed'; conversation: string; id: string }
  | { type: 'clock'; skew: number }
  | { type: 'storage'; code: 'storage-full' | 'storage-failed' }
  | { type: 'alarm'; code: string; detail: Record<string, string> }
  /** The engine ended. `reason` says why it could not start, where that is known. */
  | { type: 'exit'; reason?: 'fetch' | 'altered' | 'start' }
  /** Raised by the façade: another tab's engine answers now, what is known must be read again. */
  | { type: 'handover' };
