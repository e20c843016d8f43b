// What the application knows and shows, and everything that changes it.

import type {
  Boot, Connection, Contact, Conversation, EngineError, EngineEvent, Entry, Inspection, Link, Me, Member, Operations, Page,
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
  /** The newest page is here. */
  loaded: boolean;
  loading: boolean;
  failed: boolean;
  /** Unread messages at the moment the conversation was opened; null once the marker has its place. */
  unread: number | null;
  /** Above this entry stands the unread marker. */
  unreadFrom: string | null;
}

export type Dialog =
  | { kind: 'settings' | 'switch' | 'keys' | 'invite' | 'new-group' }
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
  /** Text in the composer, by conversation; where absent, the conversation's own draft. */
  drafts: Record<string, string>;
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
  | { type: 'page'; id: string; page: Page; newest: boolean }
  | { type: 'page-failed'; id: string }
  | { type: 'forget'; except: string | null }
  | { type: 'draft'; id: string; text: string }
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
  | { verb: 'older'; conversation: string }
  | { verb: 'seen'; conversation: string; position: number }
  | { verb: 'retry'; conversation: string; id: string }
  | { verb: 'discard'; conversation: string; id: string }
  | { verb: 'settings' | 'switch' | 'keys' | 'new-group' }
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
