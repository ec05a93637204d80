-- What an announcement lets citizens choose from, and how often each choice was made.
CREATE TABLE polls (
    announcement_id BIGINT NOT NULL PRIMARY KEY REFERENCES announcements,
    agency_id     BIGINT NOT NULL REFERENCES agencies,
    -- A list of texts, and a list of as many numbers, as JSON.
    options       TEXT   NOT NULL,
    tallies       TEXT   NOT NULL,
    -- 1 if one may choose several.
    multiple      SMALLINT NOT NULL,
    voters        BIGINT NOT NULL,
    ends_at       BIGINT NOT NULL,
    closed_at     BIGINT,
    -- When something is to be done next: tell how it stands, close it, forget who voted.
    due_at        BIGINT
);
CREATE INDEX polls_due ON polls (due_at) WHERE due_at IS NOT NULL;

-- Who has voted, so that everybody is counted once; forgotten soon after the poll is closed.
CREATE TABLE poll_votes (
    announcement_id BIGINT NOT NULL REFERENCES polls,
    actor_id      BIGINT NOT NULL REFERENCES actors,
    -- Which option, where one may choose several; else always 0: what they chose is not kept.
    choice        INTEGER NOT NULL,
    PRIMARY KEY (announcement_id, actor_id, choice)
);
CREATE INDEX poll_votes_by_actor ON poll_votes (actor_id);
