-- What citizens sent that an agency's people work through: one row for each thing, in the order in which they waited.
CREATE TABLE queue_items (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    -- 0 reply, 1 mention, 2 private message, 3 quotation, 4 report; and its number.
    kind          INTEGER NOT NULL,
    subject       INTEGER NOT NULL,
    -- The announcement that it concerns.
    thread_id     INTEGER,
    -- Its author; none for reports, and once it was erased.
    actor_id      INTEGER,
    language      TEXT,
    received_at   INTEGER NOT NULL,
    -- 0 open, 1 answered, 2 done, 3 gone.
    state         INTEGER NOT NULL,
    -- Since when it waits: since it came, or was opened again.
    since         INTEGER NOT NULL,
    -- Who is at it, and until when nobody else is let in.
    taken_by      INTEGER,
    taken_until   INTEGER,
    assigned_to   INTEGER,
    -- The draft by which it is to be answered, and the announcement by which it was.
    draft_id      INTEGER,
    answer_id     INTEGER,
    closed_at     INTEGER,
    UNIQUE (kind, subject)
) STRICT;
CREATE INDEX queue_items_open ON queue_items (agency_id, state, since, id);
CREATE INDEX queue_items_by_agency ON queue_items (agency_id, since, id);
CREATE INDEX queue_items_by_thread ON queue_items (thread_id, state, since) WHERE thread_id IS NOT NULL;
CREATE INDEX queue_items_by_answer ON queue_items (answer_id) WHERE answer_id IS NOT NULL;

-- What colleagues tell each other about it.
CREATE TABLE queue_notes (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    item_id       INTEGER NOT NULL REFERENCES queue_items,
    person_id     INTEGER,
    text          TEXT   NOT NULL,
    at            INTEGER NOT NULL
) STRICT;
CREATE INDEX queue_notes_by_item ON queue_notes (item_id, id);

-- Texts to begin an answer with.
CREATE TABLE answer_templates (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    name          TEXT   NOT NULL,
    -- BCP 47.
    language      TEXT   NOT NULL,
    text          TEXT   NOT NULL,
    changed_by    INTEGER,
    changed_at    INTEGER NOT NULL,
    UNIQUE (agency_id, name, language)
) STRICT;

-- How many followed an agency at the end of a day (counted from 1970, in UTC) on which that changed.
CREATE TABLE follower_days (
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    day           INTEGER NOT NULL,
    followers     INTEGER NOT NULL,
    PRIMARY KEY (agency_id, day)
) STRICT;
