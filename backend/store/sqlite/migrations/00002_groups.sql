-- +goose Up

-- L[p] of each event, the hash of the conversation's whole log up to it. Migration 3 fills in what is missing.
ALTER TABLE events ADD COLUMN log BLOB NOT NULL DEFAULT x'';

-- Leave events, of which there are few: who left an epoch, and one that comes again.
CREATE INDEX events_left ON events (conversation, n) WHERE kind = 2;
CREATE INDEX events_leave ON events (conversation, hash) WHERE kind = 2;

-- The spans of a log that an account may read: from the commit that let it in to the one that took it out, which is
-- null while it is a member. seen is what the header of the former has seen.
CREATE TABLE spans (
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    account      INTEGER NOT NULL REFERENCES accounts (id),
    seen         INTEGER NOT NULL,
    first        INTEGER NOT NULL,
    last         INTEGER,
    UNIQUE (conversation, account, first)
) STRICT;

CREATE INDEX spans_account ON spans (account, conversation);

INSERT INTO spans (conversation, account, seen, first)
    SELECT DISTINCT conversation, account, 0, 1 FROM slots;

-- slots_account is what spans are for now.
DROP INDEX slots_account;

-- The epoch that a receipt is sealed in: it is of use in no other.
ALTER TABLE receipts ADD COLUMN n INTEGER NOT NULL DEFAULT 0;
UPDATE receipts SET n = (SELECT n FROM conversations WHERE id = receipts.conversation);

-- What devices ask of the members: to be let in by a link, or, without one, back in.
CREATE TABLE asks (
    id           INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    device       INTEGER NOT NULL REFERENCES devices (id),
    link         BLOB,
    expiry       INTEGER NOT NULL, -- seconds since 1970
    ask          BLOB    NOT NULL,
    tag          BLOB    NOT NULL,
    UNIQUE (conversation, device)
) STRICT;

CREATE INDEX asks_device ON asks (device);
