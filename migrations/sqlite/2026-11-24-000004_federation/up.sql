-- Our own signing keys; `agency_id` NULL is the server's own actor.
CREATE TABLE signing_keys (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    agency_id     INTEGER REFERENCES agencies,
    algorithm     TEXT   NOT NULL,
    -- The part of the key's id behind the `#`.
    fragment      TEXT   NOT NULL,
    private_der   BLOB   NOT NULL,
    public_der    BLOB   NOT NULL,
    created_at    INTEGER NOT NULL,
    -- Signs nothing from then on; until then a successor may already be announced.
    retired_at    INTEGER
) STRICT;
CREATE INDEX signing_keys_by_agency ON signing_keys (agency_id);

-- Keys of others, as they publish them.
CREATE TABLE actor_keys (
    uri           TEXT   NOT NULL PRIMARY KEY,
    actor_id      INTEGER NOT NULL REFERENCES actors,
    algorithm     TEXT   NOT NULL,
    public_der    BLOB   NOT NULL,
    fetched_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX actor_keys_by_actor ON actor_keys (actor_id);

-- Activities as they arrived, with the evidence of who sent them.
CREATE TABLE events (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uri           TEXT   NOT NULL UNIQUE,
    actor_uri     TEXT   NOT NULL,
    -- The agency whose own inbox it came to; NULL for the shared one.
    agency_id     INTEGER,
    kind          TEXT   NOT NULL,
    -- What it acts upon, if that is one id.
    object_uri    TEXT,
    body          BLOB   NOT NULL,
    -- Request line and signed headers, as received.
    request       TEXT   NOT NULL,
    key_uri       TEXT   NOT NULL,
    key_der       BLOB   NOT NULL,
    -- Whether the signer is the actor; if not, only what its origin says is believed.
    forwarded     INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    reason        TEXT,
    received_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_object ON events (object_uri) WHERE object_uri IS NOT NULL;
CREATE INDEX events_failed ON events (id) WHERE state = 2;

-- What is still to be acted upon, in a small table of its own: the large rows above are written once.
CREATE TABLE event_queue (
    event_id      INTEGER NOT NULL PRIMARY KEY REFERENCES events,
    actor_uri     TEXT   NOT NULL,
    attempts      INTEGER NOT NULL,
    due_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX event_queue_due ON event_queue (due_at);

-- Activities that we send, stored once.
CREATE TABLE activities (
    id            INTEGER NOT NULL PRIMARY KEY,
    uri           TEXT   NOT NULL UNIQUE,
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    kind          TEXT   NOT NULL,
    body          BLOB   NOT NULL,
    -- The fact that it follows from.
    fact_seq      INTEGER NOT NULL UNIQUE,
    -- The announcement that it is about, if it is about one.
    announcement_id INTEGER,
    -- Whose deliveries are still to be written (0 nobody's, 1 followers', 2 also those of everybody who took part),
    -- and how far that has come.
    fan_out       INTEGER NOT NULL,
    fanned_to     TEXT   NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX activities_fanning ON activities (id) WHERE fan_out > 0;

CREATE TABLE deliveries (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    activity_id   INTEGER NOT NULL REFERENCES activities,
    inbox         TEXT   NOT NULL,
    host          TEXT   NOT NULL,
    state         INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    due_at        INTEGER NOT NULL,
    last_status   INTEGER,
    last_error    TEXT,
    created_at    INTEGER NOT NULL,
    UNIQUE (activity_id, inbox)
) STRICT;
CREATE INDEX deliveries_due ON deliveries (due_at, id) WHERE state = 0;
CREATE INDEX deliveries_failed ON deliveries (id) WHERE state = 2;
CREATE INDEX deliveries_by_host ON deliveries (host) WHERE state <> 1;

-- The servers that we deliver to.
CREATE TABLE peers (
    host          TEXT   NOT NULL PRIMARY KEY,
    -- The signature that it accepts: NULL until one was.
    dialect       TEXT,
    failures      INTEGER NOT NULL,
    paused_until  INTEGER,
    bad_days      INTEGER NOT NULL,
    last_bad_day  INTEGER,
    unavailable_since INTEGER,
    last_success  INTEGER
) STRICT;
