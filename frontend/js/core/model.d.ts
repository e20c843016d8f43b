// What the application knows and shows, and everything that changes it.

import type {
  Boot, Connection, Contact, Conversation, EngineError, EngineEvent, Entry, Exporting, Found, Inspection, Link, Me, Member, Operations, Page, Person,
  Settings, Told, Version,
} from './contract.js';

/** What the address names: a handle, a conversation's id, or neither: the list. */
export interface Route {
  with: string | null;
  talk: string | null;
}

/** What a person has chosen for this browser; the first of each is the default. */
export interface Preferences {
  appearance: 'system' | 'light' | 'dark';
  language: 'system' | import('./language.js').Language;
  /** What a notification shows: nothing is raised, who wrote, what they wrote, or neither. */
  notify: 'off' | 'who' | 'what' | 'bare';
  sound: 'off' | 'on';
}

export interface Timeline {
  entries: Entry[];
  /** Older entries exist in the store. */
  more: boolean;
  /** Newer entries exist that are not here: a place far up was gone to. */
  newer: boolean;
  /** A page is here. */
  loaded: boolean;
  loading: boolean;
  failed: boolean;
  /** Unread messages at the moment the conversation was opened; null once the marker has its place. */
  unread: number | null;
  /** Above this entry stands the unread marker. */
  unreadFrom: string | null;
  /** Where to go: to an entry, or with null to the newest. Each is another object, and is gone to once. */
  target: Target | null;
}

export interface Target {
  id: string | null;
}

/** What the composer does other than writing a new message. `text` is what an edit makes of it, apart from the draft. */
export type Composing = { kind: 'reply'; entry: Entry } | { kind: 'edit'; entry: Entry; text: string };

export type Dialog =
  | { kind: 'settings' | 'keys' | 'invite' | 'new-group' }
  /** Search: everywhere, or with `conversation` in one. */
  | { kind: 'switch'; within: string | null }
  | { kind: 'react' | 'delete'; conversation: string; entry: Entry }
  | { kind: 'details'; conversation: string; entry: Entry; versions: Version[]; told: Told[] | null; error: string | null }
  /** `saved` is in bytes; null before it began. */
  | { kind: 'export'; exporting: Exporting | null; saved: number | null; done: boolean; error: string | null }
  | { kind: 'erase'; busy: boolean; error: string | null }
  | { kind: 'group'; conversation: string }
  /** `account` is a member's, empty for the other side of a direct conversation; `back` leads to the group it was opened from. */
  | { kind: 'contact'; conversation: string; account: string; back: boolean; contact: Contact | null; error: string | null; busy: boolean }
  | { kind: 'inspect'; conversation: string; entry: Entry; inspection: Inspection | null; error: string | null };

/** What is known of a group beside its conversation. */
export interface Group {
  members: Member[];
  links: Link[];
}

/** What is hidden on request. */
export type Dismissed = 'clock' | 'storage' | 'update';

/** Something said for a short while: an error code with its parameters. */
export interface Toast {
  code: string;
  params: Record<string, string | number>;
}

export interface State {
  phase: 'starting' | 'join' | 'main';
  /** Everything has stopped: why. */
  stop: { family: 'stop' | 'alarm'; code: string; params: Record<string, string> } | null;
  me: Me | null;
  connection: Connection;
  /** Seconds this device's clock is ahead of the server's; 0 when close enough. */
  skew: number;
  storage: 'storage-full' | 'storage-failed' | null;
  conversations: Record<string, Conversation>;
  groups: Record<string, Group>;
  timelines: Record<string, Timeline>;
  /** Text in the composer that is not stored yet, by conversation; where absent, the conversation's own draft. */
  drafts: Record<string, string>;
  composing: Record<string, Composing>;
  /** Who is writing now, by conversation. */
  typing: Record<string, Person[]>;
  /** What others learn; null until it is known. */
  settings: Settings | null;
  found: { query: string; found: Found | null } | null;
  route: Route;
  /** The address of a link to a group that waits to be used. It holds a secret and is kept nowhere else. */
  link: string | null;
  /** The handle that is being looked up, or could not be; empty while a link to a group is used. */
  seeking: { handle: string; error: string | null } | null;
  join: { busy: boolean; error: string | null; keys: 'none' | 'making' | 'ready' };
  dialog: Dialog | null;
  toast: Toast | null;
  preferences: Preferences;
  /** Another build of the application, which can be switched to. */
  update: string | null;
}

/** The pages that are read: the newest, those before what is known, and those after. */
export type Way = 'newest' | 'older' | 'newer';

export type Action =
  | EngineEvent
  | { type: 'booted'; boot: Boot }
  | { type: 'stop'; code: string; params?: Record<string, string> }
  | { type: 'route'; route: Route }
  | { type: 'keys'; keys: 'making' | 'ready' | 'none' }
  | { type: 'joining' }
  | { type: 'joined'; me: Me }
  | { type: 'join-failed'; code: string }
  | { type: 'seeking'; handle: string }
  | { type: 'seek-failed'; handle: string; code: string }
  | { type: 'shown'; id: string }
  | { type: 'loading'; id: string }
  | { type: 'page'; id: string; page: Page; way: Way }
  | { type: 'around'; id: string; older: Page; newer: Page; target: Target }
  | { type: 'target'; id: string; target: Target }
  | { type: 'compose'; id: string; composing: Composing | null }
  | { type: 'found'; found: State['found'] }
  | { type: 'details'; entry: string; versions: Version[]; told: Told[] | null }
  | { type: 'export'; exporting?: Exporting; saved?: number; done?: boolean }
  | { type: 'page-failed'; id: string }
  | { type: 'forget'; except: string | null }
  | { type: 'draft'; id: string; text: string }
  | { type: 'drafted'; id: string; text: string }
  | { type: 'dialog'; dialog: Dialog | null }
  | { type: 'contact'; id: string; account: string; contact: Contact }
  | { type: 'group'; id: string; group: Group }
  | { type: 'link'; link: string | null }
  | { type: 'inspected'; entry: string; inspection: Inspection }
  | { type: 'dialog-busy'; busy: boolean }
  | { type: 'dialog-failed'; code: string }
  | { type: 'toast'; toast: Toast | null }
  | { type: 'dismiss'; what: Dismissed }
  | { type: 'preferences'; preferences: Preferences }
  | { type: 'update'; next: string };

type Changes = 'addMembers' | 'removeMember' | 'setRole' | 'rename' | 'leave' | 'renewKeys' | 'makeLink' | 'revokeLink' | 'cancelJoin';

/** Told what became of something that was asked for; where nobody listens, a refusal is said in passing. */
export type Done = (refused: EngineError | null) => void;

/** A change of a group. */
export type Change = { [K in Changes]: { verb: 'change'; op: K; args: Operations[K]['args']; done?: Done } }[Changes];

/** Someone who can be mentioned. */
export type Named = { account: string; handle: string };

/** What a person asked for: the user interface sends these up. */
export type Verb =
  | Change
  | { verb: 'create'; name: string; handles: string[]; done: Done }
  | { verb: 'join'; handle: string }
  | { verb: 'go'; route: Partial<Route> }
  | { verb: 'seek'; typed: string }
  | { verb: 'seek-again' }
  | { verb: 'send'; conversation: string; text: string }
  | { verb: 'draft'; conversation: string; text: string }
  | { verb: 'leave' }
  | { verb: 'older' | 'newer' | 'newest'; conversation: string }
  | { verb: 'jump'; conversation: string; id: string; position: number | null }
  | { verb: 'compose'; conversation: string; composing: Composing | null }
  | { verb: 'edit-last'; conversation: string }
  | { verb: 'react'; conversation: string; entry: Entry; emoji: string }
  | { verb: 'delete'; conversation: string; entry: Entry }
  | { verb: 'ask'; what: 'react' | 'delete'; conversation: string; entry: Entry }
  | { verb: 'details'; conversation: string; entry: Entry }
  | { verb: 'members'; conversation: string; done: (people: Named[]) => void }
  | { verb: 'put'; op: 'mute' | 'pin' | 'mark'; conversation: string; on: boolean }
  | { verb: 'search'; query: string; within: string | null }
  | { verb: 'choose'; change: Partial<Settings> }
  | { verb: 'export' | 'save' | 'ask-erase' | 'erase' }
  | { verb: 'seen'; conversation: string; position: number }
  | { verb: 'retry'; conversation: string; id: string }
  | { verb: 'discard'; conversation: string; id: string }
  | { verb: 'settings' | 'keys' | 'new-group' }
  | { verb: 'switch'; within?: string }
  | { verb: 'step'; by: 1 | -1 }
  | { verb: 'update' }
  | { verb: 'invite' }
  | { verb: 'contact'; conversation: string; account?: string }
  | { verb: 'group'; conversation: string }
  | { verb: 'inspect'; conversation: string; entry: Entry }
  | { verb: 'close'; kind: Dialog['kind'] }
  | { verb: 'verify'; conversation: string; verified: boolean }
  | { verb: 'accept'; conversation: string }
  | { verb: 'connect' }
  | { verb: 'dismiss'; what: Dismissed }
  | { verb: 'toast'; code: string }
  | { verb: 'prefer'; change: Partial<Preferences> }
  | { verb: 'copy'; text: string; done: (ok: boolean) => void }
  | { verb: 'share'; link: string }
  | { verb: 'reload' };
