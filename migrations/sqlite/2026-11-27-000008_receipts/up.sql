-- Consumers of the journal that have gone past the facts of one agency for now: the last of these that each has read.
CREATE TABLE journal_lanes (
    consumer      TEXT   NOT NULL,
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    seq           INTEGER NOT NULL,
    PRIMARY KEY (consumer, agency_id)
) STRICT;

-- Pictures of nothing but what was ordered to be destroyed, and may not be yet: nobody is shown them.
ALTER TABLE blobs ADD COLUMN withheld_at INTEGER;

-- When the database was found without anything beside it that says that it is the newest: from then on a witness is
-- believed without proof until it has cosigned. NULL if there is no reason for doubt.
ALTER TABLE record_logs ADD COLUMN doubted_at INTEGER;

ALTER TABLE record_cosigners ADD COLUMN cosigned_at INTEGER;
-- The greater tree that it says it has seen, with its root if it has shown a checkpoint, and when the operator has decided
-- to go on in spite of it.
ALTER TABLE record_cosigners ADD COLUMN claimed INTEGER;
ALTER TABLE record_cosigners ADD COLUMN claimed_root BLOB;
ALTER TABLE record_cosigners ADD COLUMN overruled_at INTEGER;

-- Decisions to go on with a record of which more was seen elsewhere.
CREATE TABLE record_resumptions (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    log_id        INTEGER NOT NULL REFERENCES record_logs,
    reason        TEXT   NOT NULL,
    -- Entries that were seen elsewhere, and those that were here.
    seen          INTEGER NOT NULL,
    size          INTEGER NOT NULL,
    at            INTEGER NOT NULL
) STRICT;

-- The authors of replies who were sent a link to what opens their entry: one for each thread.
CREATE TABLE record_receipts (
    thread_id     INTEGER NOT NULL,
    actor_id      INTEGER NOT NULL REFERENCES actors,
    reply_id      INTEGER NOT NULL,
    -- The fact that the message follows from, by which the activity is found.
    fact_seq      INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (thread_id, actor_id)
) STRICT;
CREATE INDEX record_receipts_by_reply ON record_receipts (reply_id);
CREATE INDEX record_receipts_by_actor ON record_receipts (actor_id);

-- Those who want no more of them from an agency.
CREATE TABLE record_receipt_stops (
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    actor_id      INTEGER NOT NULL REFERENCES actors,
    at            INTEGER NOT NULL,
    PRIMARY KEY (agency_id, actor_id)
) STRICT;
CREATE INDEX record_receipt_stops_by_actor ON record_receipt_stops (actor_id);
