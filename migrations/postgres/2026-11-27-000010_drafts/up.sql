-- What an agency says of how it works: every set of rules that was in force, the last counts.
CREATE TABLE house_rules (
    agency_id     BIGINT NOT NULL REFERENCES agencies,
    number        INTEGER NOT NULL,
    rules         TEXT   NOT NULL,
    set_at        BIGINT NOT NULL,
    set_by        BIGINT,
    PRIMARY KEY (agency_id, number)
);

-- What is to be said or changed, on its way: all parts of a draft are approved together and go out together.
CREATE TABLE drafts (
    id            BIGINT NOT NULL PRIMARY KEY,
    agency_id     BIGINT NOT NULL REFERENCES agencies,
    state         SMALLINT NOT NULL,
    -- Counts every change of this row, so that of two who change it at once one is refused.
    steps         INTEGER NOT NULL,
    -- The newest version that counts, and the last number that was given to any.
    version       INTEGER NOT NULL,
    last_number   INTEGER NOT NULL,
    -- The version that was approved last, and the one that was put up for approval last.
    approved      INTEGER,
    submitted     INTEGER,
    submitted_by  BIGINT,
    -- Approvals count for one round.
    round         INTEGER NOT NULL,
    -- Why a required language is missing.
    exemption     TEXT,
    -- Why it was sent back.
    remark        TEXT,
    -- Why it did not go out, as JSON.
    held          TEXT,
    due_at        BIGINT,
    zone          TEXT,
    started_by    BIGINT,
    started_at    BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    ended_at      BIGINT
);
CREATE INDEX drafts_by_agency ON drafts (agency_id, changed_at, id);
CREATE INDEX drafts_due ON drafts (due_at) WHERE state = 4;

CREATE TABLE draft_parts (
    draft_id      BIGINT NOT NULL REFERENCES drafts,
    part          INTEGER NOT NULL,
    kind          TEXT   NOT NULL,
    -- The newest version that counts.
    version       INTEGER NOT NULL,
    -- The announcement that it changes, or became.
    announcement_id BIGINT,
    -- The ActivityPub id of what it answers.
    answering     TEXT,
    removed_at    BIGINT,
    PRIMARY KEY (draft_id, part)
);
CREATE INDEX draft_parts_by_announcement ON draft_parts (announcement_id) WHERE announcement_id IS NOT NULL;
CREATE INDEX draft_parts_by_answering ON draft_parts (answering) WHERE answering IS NOT NULL;

CREATE TABLE draft_versions (
    draft_id      BIGINT NOT NULL REFERENCES drafts,
    number        INTEGER NOT NULL,
    part          INTEGER NOT NULL,
    proposal      TEXT   NOT NULL,
    hash          TEXT   NOT NULL,
    written_by    BIGINT,
    written_at    BIGINT NOT NULL,
    -- When the first of the automatic saves was made that this one replaces; none if somebody saved it.
    automatic_since BIGINT,
    -- The version that its author had before them, if another counts instead of this one.
    unmerged_from INTEGER,
    PRIMARY KEY (draft_id, number)
);

CREATE TABLE draft_approvals (
    draft_id      BIGINT NOT NULL REFERENCES drafts,
    round         INTEGER NOT NULL,
    person_id     BIGINT NOT NULL,
    version       INTEGER NOT NULL,
    -- The version that had been approved before: what came since was looked at.
    since         INTEGER,
    at            BIGINT NOT NULL,
    PRIMARY KEY (draft_id, round, person_id)
);

-- How many people stood for a wording when it went out: never who.
CREATE TABLE approved_revisions (
    announcement_id BIGINT NOT NULL REFERENCES announcements,
    revision      INTEGER NOT NULL,
    people        INTEGER NOT NULL,
    PRIMARY KEY (announcement_id, revision)
);

-- What one person did alone against the house rules, since it could not wait.
CREATE TABLE emergencies (
    id            BIGINT NOT NULL PRIMARY KEY,
    agency_id     BIGINT NOT NULL REFERENCES agencies,
    act           TEXT   NOT NULL,
    announcement_id BIGINT,
    revision      INTEGER,
    reason        TEXT   NOT NULL,
    at            BIGINT NOT NULL
);
CREATE INDEX emergencies_by_announcement ON emergencies (announcement_id) WHERE announcement_id IS NOT NULL;

-- Announcements that say the same in several languages: those of one origin.
CREATE TABLE language_versions (
    announcement_id BIGINT NOT NULL PRIMARY KEY REFERENCES announcements,
    origin        BIGINT NOT NULL,
    -- In which order they were written.
    position      INTEGER NOT NULL
);
CREATE INDEX language_versions_by_origin ON language_versions (origin);

-- Which announcement says publicly what was wrong with another, and in which revision that was put right.
CREATE TABLE corrections (
    announcement_id BIGINT NOT NULL REFERENCES announcements,
    revision      INTEGER NOT NULL,
    notice_id     BIGINT NOT NULL REFERENCES announcements,
    PRIMARY KEY (announcement_id, revision)
);
