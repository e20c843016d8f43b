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
  muted: boolean;
  pinned: boolean;
  /** As unread, by hand. Reading takes it away. */
  marked: boolean;
  /** Unread messages that name this account. */
  mentions: number;
  /** Accounts that are here now and share it. Empty while this account does not share it. */
  online: string[];
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

  reply?: Reply;
  mentions?: Mention[];
  /** When the message was last edited; `versions` gives what it said before. */
  edited?: number;
  /** When it was deleted for everyone: a tombstone without text, reply, mentions and reactions. */
  deleted?: number;
  /** In the order in which the emoji came. */
  reactions?: Reaction[];
  /** Own edits, deletions and reactions that are not in the log yet. The entry shows what they do, unless they failed. */
  changes?: Change[];
}

/** Part of a text that stands for an account, in UTF-16 units; the parts ascend and do not overlap. */
export interface Range {
  account: string;
  start: number;
  end: number;
}

export interface Mention extends Range {
  /** Empty when the account is not known. */
  handle: string;
}

/** What a message answers, as it is now. */
export interface Reply {
  /** Empty when it is not here. */
  id: string;
  /** null while it is not in the log. `history` before position + 1, and after position, is the place around it. */
  position: number | null;
  sender: Sender;
  /** Its beginning; empty when it was deleted or is not here. */
  text: string;
  state: 'here' | 'deleted' | 'unknown';
}

export interface Reaction {
  emoji: string;
  own: boolean;
  /** As many as count. */
  who: Sender[];
}

/** `retry` and `discard` take its id. */
export interface Change {
  id: string;
  kind: 'edit' | 'delete' | 'reaction';
  state: 'waiting' | 'sending' | 'failed';
  error?: { code: string };
}

export interface Version {
  text: string;
  time: number;
}

export interface Told {
  account: string;
  handle: string;
  delivered: boolean;
  /** Never true while this account's own receipts are off. */
  read: boolean;
}

/** What others learn. Who does not tell is not told. */
export interface Settings {
  receipts: boolean;
  typing: boolean;
  presence: boolean;
}

export interface Person {
  account: string;
  handle: string;
  /** With this person alone. */
  conversation: string | null;
}

/** A message that a search found. */
export interface Hit {
  conversation: string;
  id: string;
  position: number;
  sender: Sender;
  own: boolean;
  time: number;
  /** A part of the message around what was found. */
  text: string;
  /** What matches in text, in UTF-16 units. */
  marks: { start: number; end: number }[];
}

export interface Found {
  people: Person[];
  /** Ids of conversations whose name matches. */
  conversations: string[];
  /** The newest first. */
  messages: Hit[];
  /** There are more messages than the limit. */
  more: boolean;
  /** Older messages are still being taken into the index. */
  building: boolean;
}

/** What an export holds and what it cannot hold: names that the catalogue explains, with how many there are, or -1. */
export interface Exporting {
  /** For the file. */
  name: string;
  holds: { name: string; count: number }[];
  misses: { name: string; count: number }[];
}

export interface Chunk {
  data: Uint8Array;
  done: boolean;
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
  /** There is more in the direction that was asked for: older, or with `after` newer. */
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
  /** The newest before a position, or of all; with `after` the oldest after a position. */
  history: { args: { conversation: string; before: number | null; after?: number; limit: number }; result: Page };
  /** `id` is 16 random bytes in hex, drawn by the page: sending twice under one id is one message. */
  send: {
    args: { conversation: string; text: string; id: string; reply?: string; mentions?: Range[] };
    result: Entry;
  };
  /** An own message, by its id. While it still waits it is changed on the spot. */
  edit: {
    args: { conversation: string; entry: string; text: string; mentions: Range[]; id: string };
    result: Entry;
  };
  /** For everyone. While it still waits it is gone (event `removed`). */
  delete: { args: { conversation: string; entry: string; id: string }; result: Nothing };
  react: { args: { conversation: string; entry: string; emoji: string; on: boolean; id: string }; result: Entry };
  /** All that a message said, oldest first, what it says now last. */
  versions: { args: { conversation: string; id: string }; result: Version[] };
  /** How far the others have got with an own message. */
  told: { args: { conversation: string; id: string }; result: Told[] };
  /** Call it with true at most each 3 s while somebody writes, with false when they stop. */
  typing: { args: { conversation: string; on: boolean }; result: Nothing };
  mute: { args: { conversation: string; on: boolean }; result: Nothing };
  pin: { args: { conversation: string; on: boolean }; result: Nothing };
  mark: { args: { conversation: string; on: boolean }; result: Nothing };
  retry: { args: { conversation: string; id: string }; result: Nothing };
  discard: { args: { conversation: string; id: string }; result: Nothing };
  read: { args: { conversation: string; position: number }; result: Nothing };
  draft: { args: { conversation: string; text: string }; result: Nothing };
  contact: { args: { conversation: string }; result: Contact };
  verify: { args: { conversation: string; verified: boolean }; result: Nothing };
  accept: { args: { conversation: string }; result: Conversation };
  inspect: { args: { conversation: string; id: string }; result: Inspection };
  connect: { args: Nothing; result: Nothing };

  /** As one types. null searches everywhere. */
  search: { args: { query: string; conversation: string | null; limit: number }; result: Found };
  /** Whether the person is at the page; say it when it changes. */
  here: { args: { here: boolean }; result: Nothing };
  settings: { args: Nothing; result: Settings };
  choose: { args: Settings; result: Nothing };
  /** Begins an export, or begins it anew; its parts follow one after another until one is done. */
  export: { args: Nothing; result: Exporting };
  exportNext: { args: Nothing; result: Chunk };
  /** Destroys every record and key of this device. The account cannot be used from here any more. */
  erase: { args: Nothing; result: Nothing };

  /** Changes of a group are kept and made as soon as the server can be reached; what became impossible meanwhile is
   * told by the notice `not-done`. */
  /** A refusal because of one of the handles names it in its message, as addMembers does. */
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
  /** Who is writing; nobody when it is empty. */
  | { type: 'typing'; conversation: string; people: Person[] }
  | { type: 'settings'; settings: Settings }
  /** Everything here was destroyed: each tab begins anew. */
  | { type: 'erased' }
  /** The engine ended. `reason` says why it could not start, where that is known. */
  | { type: 'exit'; reason?: 'fetch' | 'altered' | 'start' }
  /** Raised by the façade: another tab's engine answers now, what is known must be read again. */
  | { type: 'handover' };
