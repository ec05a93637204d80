-- Times are microseconds since 1970 in both databases, JSON is text: a row reads the same in either.
CREATE TABLE agencies (
    id            INTEGER NOT NULL PRIMARY KEY,
    handle        TEXT   NOT NULL UNIQUE,
    name          TEXT   NOT NULL,
    summary       TEXT   NOT NULL,
    summary_html  TEXT   NOT NULL,
    links         TEXT   NOT NULL,
    language      TEXT   NOT NULL,
    avatar        TEXT,
    avatar_alt    TEXT   NOT NULL,
    header        TEXT,
    header_alt    TEXT   NOT NULL,
    theme         TEXT   NOT NULL,
    aliases       TEXT   NOT NULL,
    attribution_domains TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

-- Pictures, by the SHA-256 of their bytes, so that several servers and a backup find them where the rest is.
CREATE TABLE blobs (
    digest        TEXT   NOT NULL PRIMARY KEY,
    media_type    TEXT   NOT NULL,
    bytes         BLOB   NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- What happened, in the order in which it happened. Consumers keep their place in `cursors`.
CREATE TABLE journal (
    seq           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    agency_id     INTEGER,
    kind          TEXT   NOT NULL,
    fact          TEXT   NOT NULL,
    at            INTEGER NOT NULL
) STRICT;

CREATE TABLE cursors (
    consumer      TEXT   NOT NULL PRIMARY KEY,
    seq           INTEGER NOT NULL
) STRICT;

-- What cannot change any more, since others remember it: the server's url and the domain of the handles.
CREATE TABLE settings (
    name          TEXT   NOT NULL PRIMARY KEY,
    value         TEXT   NOT NULL
) STRICT;
