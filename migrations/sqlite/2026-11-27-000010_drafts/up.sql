-- What an agency says of how it works: every set of rules that was in force, the last counts.
CREATE TABLE house_rules (
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    number        INTEGER NOT NULL,
    rules         TEXT   NOT NULL,
    set_at        INTEGER NOT NULL,
    set_by        INTEGER,
    PRIMARY KEY (agency_id, number)
) STRICT;

-- What is to be said or changed, on its way: all parts of a draft are approved together and go out together.
CREATE TABLE drafts (
    id            INTEGER NOT NULL PRIMARY KEY,
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    state         INTEGER NOT NULL,
    -- Counts every change of this row, so that of two who change it at once one is refused.
    steps         INTEGER NOT NULL,
    -- The newest version that counts, and the last number that was given to any.
    version       INTEGER NOT NULL,
    last_number   INTEGER NOT NULL,
    -- The version that was approved last, and the one that was put up for approval last.
    approved      INTEGER,
    submitted     INTEGER,
    submitted_by  INTEGER,
    -- Approvals count for one round.
    round         INTEGER NOT NULL,
    -- Why a required language is missing.
    exemption     TEXT,
    -- Why it was sent back.
    remark        TEXT,
    -- Why it did not go out, as JSON.
    held          TEXT,
    due_at        INTEGER,
    zone          TEXT,
    started_by    INTEGER,
    started_at    INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,
    ended_at      INTEGER
) STRICT;
CREATE INDEX drafts_by_agency ON drafts (agency_id, changed_at, id);
CREATE INDEX drafts_due ON drafts (due_at) WHERE state = 4;

CREATE TABLE draft_parts (
    draft_id      INTEGER NOT NULL REFERENCES drafts,
    part          INTEGER NOT NULL,
    kind          TEXT   NOT NULL,
    -- The newest version that counts.
    version       INTEGER NOT NULL,
    -- The announcement that it changes, or became.
    announcement_id INTEGER,
    -- The ActivityPub id of what it answers.
    answering     TEXT,
    removed_at    INTEGER,
    PRIMARY KEY (draft_id, part)
) STRICT;
CREATE INDEX draft_parts_by_announcement ON draft_parts (announcement_id) WHERE announcement_id IS NOT NULL;
CREATE INDEX draft_parts_by_answering ON draft_parts (answering) WHERE answering IS NOT NULL;

CREATE TABLE draft_versions (
    draft_id      INTEGER NOT NULL REFERENCES drafts,
    number        INTEGER NOT NULL,
    part          INTEGER NOT NULL,
    proposal      TEXT   NOT NULL,
    hash          TEXT   NOT NULL,
    written_by    INTEGER,
    written_at    INTEGER NOT NULL,
    -- When the first of the automatic saves was made that this one replaces; none if somebody saved it.
    automatic_since INTEGER,
    -- The version that its author had before them, if another counts instead of this one.
    unmerged_from INTEGER,
    PRIMARY KEY (draft_id, number)
) STRICT;

CREATE TABLE draft_approvals (
    draft_id      INTEGER NOT NULL REFERENCES drafts,
    round         INTEGER NOT NULL,
    person_id     INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    -- The version that had been approved before: what came since was looked at.
    since         INTEGER,
    at            INTEGER NOT NULL,
    PRIMARY KEY (draft_id, round, person_id)
) STRICT;

-- How many people stood for a wording when it went out: never who.
CREATE TABLE approved_revisions (
    announcement_id INTEGER NOT NULL REFERENCES announcements,
    revision      INTEGER NOT NULL,
    people        INTEGER NOT NULL,
    PRIMARY KEY (announcement_id, revision)
) STRICT;

-- What one person did alone against the house rules, since it could not wait.
CREATE TABLE emergencies (
    id            INTEGER NOT NULL PRIMARY KEY,
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    act           TEXT   NOT NULL,
    announcement_id INTEGER,
    revision      INTEGER,
    reason        TEXT   NOT NULL,
    at            INTEGER NOT NULL
) STRICT;
CREATE INDEX emergencies_by_announcement ON emergencies (announcement_id) WHERE announcement_id IS NOT NULL;

-- Announcements that say the same in several languages: those of one origin.
CREATE TABLE language_versions (
    announcement_id INTEGER NOT NULL PRIMARY KEY REFERENCES announcements,
    origin        INTEGER NOT NULL,
    -- In which order they were written.
    position      INTEGER NOT NULL
) STRICT;
CREATE INDEX language_versions_by_origin ON language_versions (origin);

-- Which announcement says publicly what was wrong with another, and in which revision that was put right.
CREATE TABLE corrections (
    announcement_id INTEGER NOT NULL REFERENCES announcements,
    revision      INTEGER NOT NULL,
    notice_id     INTEGER NOT NULL REFERENCES announcements,
    PRIMARY KEY (announcement_id, revision)
) STRICT;
