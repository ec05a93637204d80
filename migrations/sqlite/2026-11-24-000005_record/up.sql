-- The public record: one transparency log for every agency. What is permanent (leaves, tiles, heads) and what can be
-- destroyed (entries, documents) stand apart.
CREATE TABLE record_logs (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    agency_id     INTEGER NOT NULL UNIQUE REFERENCES agencies,
    -- The last part of its address, which never changes: the agency's handle when the log was begun.
    name          TEXT   NOT NULL UNIQUE,
    origin        TEXT   NOT NULL UNIQUE,
    size          INTEGER NOT NULL,
    root          BLOB   NOT NULL,
    -- The newest checkpoint that was signed, and the newest that enough witnesses have cosigned.
    signed_size   INTEGER NOT NULL,
    signed_at     INTEGER NOT NULL,
    signed        TEXT   NOT NULL,
    witnessed_size INTEGER NOT NULL,
    witnessed_at  INTEGER NOT NULL,
    witnessed     TEXT   NOT NULL,
    -- A greater tree of this log was seen elsewhere: nothing is signed below.
    floor         INTEGER NOT NULL
) STRICT;

CREATE TABLE record_keys (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    log_id        INTEGER NOT NULL REFERENCES record_logs,
    vkey          TEXT   NOT NULL UNIQUE,
    -- NULL if it is kept in a file.
    private       TEXT,
    created_at    INTEGER NOT NULL,
    retired_at    INTEGER
) STRICT;

-- `place` is the log's number times 2^40, plus the entry's index.
CREATE TABLE record_leaves (
    place         INTEGER NOT NULL PRIMARY KEY,
    leaf          TEXT   NOT NULL
) STRICT;

CREATE TABLE record_tiles (
    log_id        INTEGER NOT NULL REFERENCES record_logs,
    level         INTEGER NOT NULL,
    tile          INTEGER NOT NULL,
    hashes        BLOB   NOT NULL,
    PRIMARY KEY (log_id, level, tile)
) STRICT;

-- What a leaf is about, and what opens its commitment.
CREATE TABLE record_entries (
    place         INTEGER NOT NULL PRIMARY KEY REFERENCES record_leaves,
    kind          INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    subject_kind  INTEGER NOT NULL,
    subject       INTEGER NOT NULL,
    -- The announcement at the head of the thread.
    thread_id     INTEGER,
    fact_seq      INTEGER NOT NULL,
    event_id      INTEGER,
    document_id   INTEGER,
    statement     TEXT,
    manifest      TEXT,
    -- Of the commitment, then of each part in the order of the manifest; 32 bytes each, zero where destroyed.
    salts         BLOB,
    erased_at     INTEGER
) STRICT;
CREATE INDEX record_entries_by_subject ON record_entries (subject, subject_kind, place);
CREATE INDEX record_entries_by_thread ON record_entries (thread_id, place) WHERE thread_id IS NOT NULL;
-- Replies are found fast enough without: most entries are.
CREATE INDEX record_entries_by_kind ON record_entries (kind, place) WHERE kind <> 20;

-- What other servers said of their actors when their words were recorded.
CREATE TABLE record_documents (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    actor_id      INTEGER NOT NULL REFERENCES actors,
    fetched_at    INTEGER NOT NULL,
    document      TEXT   NOT NULL,
    UNIQUE (actor_id, fetched_at)
) STRICT;

-- Destructions: ordered, due, held back, done. No text that could name somebody.
CREATE TABLE record_erasures (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    log_id        INTEGER NOT NULL REFERENCES record_logs,
    subject_kind  INTEGER NOT NULL,
    subject       INTEGER NOT NULL,
    class         TEXT   NOT NULL,
    basis         TEXT   NOT NULL,
    role          TEXT   NOT NULL,
    ordered_at    INTEGER NOT NULL,
    due_at        INTEGER NOT NULL,
    -- The fact that ordered it: it is executed once that is recorded.
    fact_seq      INTEGER NOT NULL,
    done_at       INTEGER
) STRICT;
CREATE INDEX record_erasures_due ON record_erasures (due_at, id) WHERE done_at IS NULL;
CREATE INDEX record_erasures_by_subject ON record_erasures (subject, subject_kind);

CREATE TABLE record_holds (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    log_id        INTEGER NOT NULL REFERENCES record_logs,
    -- All of the agency's, a thread, or one subject.
    scope         TEXT   NOT NULL,
    subject_kind  INTEGER NOT NULL,
    subject       INTEGER NOT NULL,
    matter        TEXT   NOT NULL,
    placed_at     INTEGER NOT NULL,
    released_at   INTEGER
) STRICT;
CREATE INDEX record_holds_active ON record_holds (log_id) WHERE released_at IS NULL;

CREATE TABLE record_exports (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    log_id        INTEGER NOT NULL REFERENCES record_logs,
    -- What was asked for, without anybody's name: `all`, a thread, a period.
    extent        TEXT   NOT NULL,
    size          INTEGER NOT NULL,
    at            INTEGER NOT NULL
) STRICT;

-- The policies (tlog-policy) by which checkpoints are witnessed, as they followed one another.
CREATE TABLE record_policies (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    policy        TEXT   NOT NULL,
    since         INTEGER NOT NULL
) STRICT;

-- What each witness of ours is known to have cosigned.
CREATE TABLE record_cosigners (
    log_id        INTEGER NOT NULL REFERENCES record_logs,
    witness       TEXT   NOT NULL,
    size          INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    -- Why the last attempt failed; NULL if it did not.
    failure       TEXT,
    PRIMARY KEY (log_id, witness)
) STRICT;

-- As a witness for others: the largest consistent tree of each log that was seen, and what was refused.
CREATE TABLE witness_heads (
    origin        TEXT   NOT NULL PRIMARY KEY,
    size          INTEGER NOT NULL,
    root          BLOB   NOT NULL,
    checkpoint    TEXT   NOT NULL,
    at            INTEGER NOT NULL
) STRICT;

CREATE TABLE witness_evidence (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    origin        TEXT   NOT NULL,
    reason        TEXT   NOT NULL,
    known_size    INTEGER NOT NULL,
    request       TEXT   NOT NULL,
    at            INTEGER NOT NULL
) STRICT;
CREATE INDEX witness_evidence_by_origin ON witness_evidence (origin, id);

-- Who may see what opens the commitments of citizens' entries: auditors, for a time.
CREATE TABLE record_grants (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    log_id        INTEGER NOT NULL REFERENCES record_logs,
    -- SHA-256 of the token.
    token         TEXT   NOT NULL UNIQUE,
    label         TEXT   NOT NULL,
    granted_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    revoked_at    INTEGER
) STRICT;
