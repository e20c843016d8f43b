-- +goose Up

-- Accounts, their chains and devices. Ids of other tables are the small integers of these rows.
CREATE TABLE accounts (
    id      INTEGER PRIMARY KEY,
    account BLOB    NOT NULL UNIQUE,
    handle  TEXT    NOT NULL UNIQUE,
    created INTEGER NOT NULL -- milliseconds since 1970
) STRICT;

CREATE TABLE links (
    account INTEGER NOT NULL REFERENCES accounts (id),
    number  INTEGER NOT NULL,
    hash    BLOB    NOT NULL,
    link    BLOB    NOT NULL,
    UNIQUE (account, number)
) STRICT;

CREATE TABLE devices (
    id      INTEGER PRIMARY KEY,
    device  BLOB    NOT NULL UNIQUE,
    account INTEGER NOT NULL REFERENCES accounts (id),
    key     BLOB    NOT NULL, -- COSE_Key
    active  INTEGER NOT NULL
) STRICT;

CREATE INDEX devices_account ON devices (account);

CREATE TABLE prekeys (
    device     INTEGER PRIMARY KEY REFERENCES devices (id),
    counter    INTEGER NOT NULL,
    thumbprint BLOB    NOT NULL,
    prekey     BLOB    NOT NULL
) STRICT;

-- A conversation and the epoch that is its newest. Its head is the highest position of its events.
CREATE TABLE conversations (
    id           INTEGER PRIMARY KEY,
    conversation BLOB    NOT NULL UNIQUE,
    n            INTEGER NOT NULL,
    epoch        BLOB    NOT NULL, -- E[n]
    opened       INTEGER NOT NULL  -- position of the commit
) STRICT;

-- The roster of the newest epoch.
CREATE TABLE slots (
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    slot         INTEGER NOT NULL,
    account      INTEGER NOT NULL REFERENCES accounts (id),
    device       INTEGER NOT NULL REFERENCES devices (id),
    UNIQUE (conversation, slot)
) STRICT;

CREATE INDEX slots_account ON slots (account, conversation);
CREATE INDEX slots_device ON slots (device, conversation);

-- The log. Rowid tables with an index: WITHOUT ROWID is several times slower to write. slot and g are null for a
-- commit; for a message the second index holds that a generation is used once.
CREATE TABLE events (
    id           INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    position     INTEGER NOT NULL,
    kind         INTEGER NOT NULL,
    n            INTEGER NOT NULL,
    slot         INTEGER,
    g            INTEGER,
    device       INTEGER NOT NULL REFERENCES devices (id),
    hash         BLOB    NOT NULL, -- SHA-256 of event
    event        BLOB    NOT NULL
) STRICT;

CREATE UNIQUE INDEX events_position ON events (conversation, position);
CREATE UNIQUE INDEX events_slot ON events (conversation, n, slot, g);

CREATE TABLE wraps (
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    device       INTEGER NOT NULL REFERENCES devices (id),
    position     INTEGER NOT NULL,
    wrap         BLOB    NOT NULL,
    UNIQUE (conversation, device, position)
) STRICT;

-- The newest receipt of each device. count is how many the conversation had taken with it.
CREATE TABLE receipts (
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    device       INTEGER NOT NULL REFERENCES devices (id),
    count        INTEGER NOT NULL,
    signal       BLOB    NOT NULL,
    UNIQUE (conversation, device)
) STRICT;

CREATE TABLE cursors (
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    device       INTEGER NOT NULL REFERENCES devices (id),
    position     INTEGER NOT NULL,
    UNIQUE (conversation, device)
) STRICT;
