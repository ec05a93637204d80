CREATE TABLE announcements (
    id            BIGINT NOT NULL PRIMARY KEY,
    agency_id     BIGINT NOT NULL REFERENCES agencies,
    -- The announcement at the head of the thread: itself, unless it answers somebody.
    thread_id     BIGINT NOT NULL,
    -- What it answers, by ActivityPub id.
    in_reply_to   TEXT,
    revision      INTEGER NOT NULL,
    published_at  BIGINT NOT NULL,
    edited_at     BIGINT,
    pinned_at     BIGINT,
    withdrawn_at  BIGINT,
    withdrawal_reason TEXT
);
CREATE INDEX announcements_by_agency ON announcements (agency_id, published_at, id);
CREATE INDEX announcements_by_thread ON announcements (thread_id, published_at, id);

CREATE TABLE revisions (
    announcement_id BIGINT NOT NULL REFERENCES announcements,
    number        INTEGER NOT NULL,
    markdown      TEXT   NOT NULL,
    html          TEXT   NOT NULL,
    warning       TEXT,
    language      TEXT   NOT NULL,
    mentions      TEXT   NOT NULL,
    images        TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, number)
);

CREATE TABLE hashtags (
    announcement_id BIGINT NOT NULL REFERENCES announcements,
    -- Folded for comparison, and as written.
    tag           TEXT   NOT NULL,
    display       TEXT   NOT NULL,
    PRIMARY KEY (tag, announcement_id)
);
CREATE INDEX hashtags_by_announcement ON hashtags (announcement_id);
