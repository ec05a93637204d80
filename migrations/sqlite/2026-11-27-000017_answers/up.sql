-- What agencies answered to private messages: sent to one person each, and shown to nobody but the staff who may read the message.
CREATE TABLE answers (
    id            INTEGER NOT NULL PRIMARY KEY,
    agency_id     INTEGER NOT NULL REFERENCES agencies,
    message_id    INTEGER NOT NULL REFERENCES messages,
    -- BCP 47.
    language      TEXT   NOT NULL,
    warning       TEXT,
    markdown      TEXT   NOT NULL,
    html          TEXT   NOT NULL,
    -- How many people stood for it, if anybody was asked.
    approved_by   INTEGER,
    sent_at       INTEGER NOT NULL,
    withdrawn_at  INTEGER,
    -- Why it was withdrawn: for the staff.
    reason        TEXT
) STRICT;
CREATE INDEX answers_by_message ON answers (message_id, id);
CREATE INDEX messages_by_parent ON messages (parent) WHERE parent IS NOT NULL;

-- The private message that a draft answers: only who may read that may see it.
ALTER TABLE drafts ADD COLUMN message_id INTEGER;
-- Since when nobody is shown it: the message is deleted, or to be destroyed.
ALTER TABLE drafts ADD COLUMN withheld_at INTEGER;
CREATE INDEX drafts_by_message ON drafts (message_id) WHERE message_id IS NOT NULL;
