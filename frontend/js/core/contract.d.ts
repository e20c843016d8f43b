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

export interface Sender {
  account: string;
  handle: string;
}

export interface Conversation {
  id: string;
  kind: 'direct' | 'group';
  /** Of a direct conversation the other side's; of a group empty. */
  handle: string;
  account: string;
  /** A group's; empty until this account is in it. */
  name: string;
  /** What this account is in a group; empty in a direct conversation, and where it is not in the group. */
  role: 'admin' | 'member' | '';
  /** How many accounts there are, this one included. */
  members: number;
  /** A room link was used and nobody has let this account in yet. */
  waiting: boolean;
  /** Why nothing more comes here: this account was removed, or left. What is here stays to be read. */
  ended: 'removed' | 'left' | '';
  /** A notice's code while this device cannot read the newest messages and asks the others for new keys. What is
   * written meanwhile waits. */
  lost: string;
  /** `sender` is a handle. */
  last: { text: string; time: number; own: boolean; sender: string } | null;
  unread: number;
  activity: number;
  draft: string;
  verified: boolean;
  /** Positions up to which everyone else has received and read; 0 in groups too large for receipts. */
  delivered: number;
  read: number;
  /** In a group `detail` names the member ("handle", "account") that it is about. */
  blocked: Blocked | null;
}

export interface Member {
  account: string;
  handle: string;
  role: 'admin' | 'member';
  verified: boolean;
  you: boolean;
  /** It has left, and the next change takes it out. */
  left: boolean;
  /** adding, removing: wished here and not yet done. away: cannot be written to until it is back. changed: its handle
   * points to another account now. trouble: the server contradicted what is known of it. */
  state: '' | 'adding' | 'removing' | 'away' | 'changed' | 'trouble';
}

export interface Link {
  id: string;
  /** Whoever has it can ask to be let in. */
  url: string;
  expiry: number;
  uses: number;
  used: number;
  state: 'open' | 'making' | 'revoking';
}

export type EntryState = 'waiting' | 'sending' | 'sent' | 'failed';

export interface Entry {
  id: string;
  /** null while an own message waits or has failed. */
  position: number | null;
  kind: 'message' | 'notice';
  own: boolean;
  /** Who wrote it, or did what a notice tells. */
  sender: Sender;
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

  /** Changes of a group are kept and made as soon as the server can be reached; what became impossible meanwhile is
   * told by the notice `not-done`. */
  createGroup: { args: { name: string; handles: string[] }; result: Conversation };
  members: { args: { conversation: string }; result: Member[] };
  addMembers: { args: { conversation: string; handles: string[] }; result: Nothing };
  removeMember: { args: { conversation: string; account: string }; result: Nothing };
  setRole: { args: { conversation: string; account: string; role: 'admin' | 'member' }; result: Nothing };
  rename: { args: { conversation: string; name: string }; result: Nothing };
  leave: { args: { conversation: string }; result: Nothing };
  renewKeys: { args: { conversation: string }; result: Nothing };
  /** As contact and verify, for one member of any conversation. */
  member: { args: { conversation: string; account: string }; result: Contact };
  verifyMember: { args: { conversation: string; account: string; verified: boolean }; result: Nothing };
  makeLink: { args: { conversation: string; days: number; uses: number }; result: Link };
  links: { args: { conversation: string }; result: Link[] };
  revokeLink: { args: { conversation: string; link: string }; result: Nothing };
  /** Asks to be let into the group whose room link this is. */
  joinGroup: { args: { url: string }; result: Conversation };
  cancelJoin: { args: { conversation: string }; result: Nothing };
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
  /** A conversation that is not there any more. */
  | { type: 'gone'; conversation: string }
  | { type: 'clock'; skew: number }
  | { type: 'storage'; code: 'storage-full' | 'storage-failed' }
  | { type: 'alarm'; code: string; detail: Record<string, string> }
  /** The engine ended. `reason` says why it could not start, where that is known. */
  | { type: 'exit'; reason?: 'fetch' | 'altered' | 'start' }
  /** Raised by the façade: another tab's engine answers now, what is known must be read again. */
  | { type: 'handover' };
