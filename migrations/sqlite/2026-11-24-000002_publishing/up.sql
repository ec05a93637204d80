CREATE TABLE announcements (
    id            INTEGER NOT NULL PRIMARY KEY,
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    -- The announcement at the head of the thread: itself, unless it answers somebody.
    thread_id     INTEGER NOT NULL,
    -- What it answers, by ActivityPub id.
    in_reply_to   TEXT,
    revision      INTEGER NOT NULL,
    published_at  INTEGER NOT NULL,
    edited_at     INTEGER,
    pinned_at     INTEGER,
    withdrawn_at  INTEGER,
    withdrawal_reason TEXT
) STRICT;
CREATE INDEX announcements_by_agency ON announcements (agency_id, published_at, id);
CREATE INDEX announcements_by_thread ON announcements (thread_id, published_at, id);

CREATE TABLE revisions (
    announcement_id INTEGER NOT NULL REFERENCES announcements,
    number        INTEGER NOT NULL,
    markdown      TEXT   NOT NULL,
    html          TEXT   NOT NULL,
    warning       TEXT,
    language      TEXT   NOT NULL,
    mentions      TEXT   NOT NULL,
    images        TEXT   NOT NULL,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (announcement_id, number)
) STRICT;

CREATE TABLE hashtags (
    announcement_id INTEGER NOT NULL REFERENCES announcements,
    -- Folded for comparison, and as written.
    tag           TEXT   NOT NULL,
    display       TEXT   NOT NULL,
    PRIMARY KEY (tag, announcement_id)
) STRICT;
CREATE INDEX hashtags_by_announcement ON hashtags (announcement_id);
