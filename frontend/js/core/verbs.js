// @ts-check
// What a person can ask for, and who does it.

import { Asking } from './asking.js';
import { Grouping } from './grouping.js';
import { Joining } from './joining.js';
import { Keeping } from './keeping.js';
import { Preferring } from './preferring.js';
import { Writing } from './writing.js';

/** @typedef {import('./model.js').Verb} Verb */
/** @template {Verb['verb']} K @typedef {Extract<Verb, { verb: K }>} Of */

/**
 * @param {import('./app.js').App} app
 * @returns {(verb: Verb) => void}
 */
export function createVerbs(app) {
  const { looking, ports } = app;
  const asking = new Asking(app);
  const keeping = new Keeping(app, asking);
  const grouping = new Grouping(app, asking);
  const joining = new Joining(app);
  const preferring = new Preferring(app, asking);
  const writing = new Writing(app, asking);
  /** @type {{ [K in Verb['verb']]: (verb: Of<K>) => unknown }} */
  const table = {
    join: (verb) => joining.join(verb),
    go: (verb) => joining.go(verb),
    seek: (verb) => joining.seek(verb),
    'seek-again': () => app.arrive(),
    draft: (verb) => writing.draft(verb),
    leave: () => writing.leave(),
    send: (verb) => writing.send(verb),
    retry: ({ conversation, id }) => asking.attempt(ports.call('retry', { conversation, id })),
    discard: ({ conversation, id }) => asking.attempt(ports.call('discard', { conversation, id })),
    older: ({ conversation }) => app.load(conversation, 'older'),
    newer: ({ conversation }) => app.load(conversation, 'newer'),
    newest: ({ conversation }) => app.jump(conversation, { id: null, position: null }),
    jump: ({ conversation, ...place }) => app.jump(conversation, place),
    compose: (verb) => writing.compose(verb),
    'edit-last': (verb) => writing.editLast(verb),
    members: (verb) => writing.members(verb),
    // Adds a reaction, or takes the own one away.
    react({ conversation, entry, emoji }) {
      const on = !entry.reactions?.some((r) => r.own && r.emoji === emoji);
      looking.close('react');
      return asking.attempt(ports.call('react', { conversation, entry: entry.id, emoji, on, id: ports.newId() }));
    },
    delete({ conversation, entry }) {
      looking.close('delete');
      return asking.attempt(ports.call('delete', { conversation, entry: entry.id, id: ports.newId() }));
    },
    ask: ({ what: kind, conversation, entry }) => looking.open({ kind, conversation, entry }),
    details: (verb) => looking.details(verb),
    put: ({ op, conversation, on }) => asking.attempt(ports.call(op, { conversation, on })),
    search: (verb) => looking.search(verb),
    choose: (verb) => keeping.choose(verb),
    export: () => keeping.export(),
    save: () => keeping.save(),
    'ask-erase': () => looking.open({ kind: 'erase', busy: false, error: null }),
    erase: () => keeping.erase(),
    seen: (verb) => writing.seen(verb),
    settings: () => looking.open({ kind: 'settings' }),
    switch: ({ within = null }) => looking.open({ kind: 'switch', within }),
    keys: () => looking.open({ kind: 'keys' }),
    'new-group': () => looking.open({ kind: 'new-group' }),
    create: (verb) => grouping.create(verb),
    change: (verb) => grouping.change(verb),
    group: (verb) => looking.group(verb),
    step: (verb) => joining.step(verb),
    update: () => ports.builds.switch(),
    invite: () => looking.open({ kind: 'invite' }),
    contact: (verb) => looking.contact(verb),
    inspect: (verb) => looking.inspect(verb),
    close: ({ kind }) => looking.close(kind),
    verify: (verb) => looking.decide(verb.conversation, asking.attempt(looking.verify(verb))),
    accept: ({ conversation }) => looking.decide(conversation, asking.attempt(joining.accept(conversation))),
    connect: () => app.tell('connect', {}),
    dismiss: ({ what }) => app.dispatch({ type: 'dismiss', what }),
    toast: ({ code }) => asking.say(code),
    prefer: (verb) => preferring.prefer(verb),
    copy: ({ text, done }) => ports.copy(text).then(() => done(true), () => done(false)),
    share: ({ link }) => ports.share(link).catch(() => {}),
    reload: () => ports.reload(),
  };
  return (verb) => void (/** @type {(verb: Verb) => unknown} */ (table[verb.verb])(verb));
}
