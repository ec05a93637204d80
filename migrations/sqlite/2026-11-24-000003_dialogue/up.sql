-- Everybody on another server whom we have met.
CREATE TABLE actors (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uri           TEXT   NOT NULL UNIQUE,
    host          TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    handle        TEXT   NOT NULL,
    domain        TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    url           TEXT   NOT NULL,
    inbox         TEXT   NOT NULL,
    shared_inbox  TEXT,
    followers     TEXT,
    document      TEXT   NOT NULL,
    fetched_at    INTEGER NOT NULL,
    deleted_at    INTEGER
) STRICT;
CREATE INDEX actors_by_host ON actors (host);

CREATE TABLE followers (
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    actor_id      INTEGER NOT NULL REFERENCES actors,
    -- The Follow activity that our Accept must name.
    follow_uri    TEXT   NOT NULL,
    follow        TEXT   NOT NULL,
    since         INTEGER NOT NULL,
    PRIMARY KEY (agency_id, actor_id)
) STRICT;
CREATE INDEX followers_by_actor ON followers (actor_id);

-- Citizens who do not want to be addressed by an agency.
CREATE TABLE blocks (
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    actor_id      INTEGER NOT NULL REFERENCES actors,
    at            INTEGER NOT NULL,
    PRIMARY KEY (agency_id, actor_id)
) STRICT;

-- Public replies to announcements, and (without a thread) public mentions of an agency. Nothing private is ever in here.
CREATE TABLE replies (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uri           TEXT   NOT NULL UNIQUE,
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    thread_id     INTEGER,
    actor_id      INTEGER NOT NULL REFERENCES actors,
    -- What it answers, by ActivityPub id.
    parent        TEXT,
    state         INTEGER NOT NULL,
    listed        INTEGER NOT NULL,
    html          TEXT   NOT NULL,
    warning       TEXT,
    language      TEXT,
    url           TEXT   NOT NULL,
    attachments   TEXT   NOT NULL,
    -- The activity that it was last changed by.
    event_id      INTEGER,
    published_at  INTEGER NOT NULL,
    received_at   INTEGER NOT NULL,
    edited_at     INTEGER,
    deleted_at    INTEGER
) STRICT;
CREATE INDEX replies_by_thread ON replies (thread_id, id);
CREATE INDEX replies_by_parent ON replies (parent, id);
CREATE INDEX replies_by_actor ON replies (actor_id);

-- What a page says of an announcement's echo, counted as it comes: replies shown in its thread, likes, boosts.
CREATE TABLE tallies (
    announcement_id INTEGER NOT NULL PRIMARY KEY REFERENCES announcements,
    replies       INTEGER NOT NULL,
    likes         INTEGER NOT NULL,
    boosts        INTEGER NOT NULL
) STRICT;

-- What citizens write to an agency in private: never shown in a public place.
CREATE TABLE messages (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uri           TEXT   NOT NULL UNIQUE,
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    actor_id      INTEGER NOT NULL REFERENCES actors,
    parent        TEXT,
    state         INTEGER NOT NULL,
    html          TEXT   NOT NULL,
    warning       TEXT,
    event_id      INTEGER,
    received_at   INTEGER NOT NULL,
    edited_at     INTEGER,
    deleted_at    INTEGER
) STRICT;
CREATE INDEX messages_by_agency ON messages (agency_id, received_at, id);

-- Likes and boosts, one of a kind from each actor.
CREATE TABLE reactions (
    announcement_id INTEGER NOT NULL REFERENCES announcements,
    actor_id      INTEGER NOT NULL REFERENCES actors,
    kind          INTEGER NOT NULL,
    activity_uri  TEXT   NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (announcement_id, kind, actor_id)
) STRICT;
CREATE INDEX reactions_by_activity ON reactions (activity_uri);
CREATE INDEX reactions_by_actor ON reactions (actor_id);

CREATE TABLE quotes (
    id            INTEGER NOT NULL PRIMARY KEY,
    announcement_id INTEGER NOT NULL REFERENCES announcements,
    actor_id      INTEGER NOT NULL REFERENCES actors,
    quote_uri     TEXT   NOT NULL UNIQUE,
    request_uri   TEXT   NOT NULL,
    at            INTEGER NOT NULL,
    revoked_at    INTEGER
) STRICT;

-- Deleted before we saw it: what has this id is not taken in any more.
CREATE TABLE tombstones (
    uri           TEXT   NOT NULL PRIMARY KEY,
    host          TEXT   NOT NULL,
    at            INTEGER NOT NULL
) STRICT;
CREATE INDEX tombstones_by_time ON tombstones (at);

CREATE TABLE reports (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    activity_uri  TEXT   NOT NULL UNIQUE,
    from_host     TEXT   NOT NULL,
    objects       TEXT   NOT NULL,
    comment       TEXT   NOT NULL,
    event_id      INTEGER,
    received_at   INTEGER NOT NULL
) STRICT;
