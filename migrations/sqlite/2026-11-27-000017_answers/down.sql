DROP INDEX drafts_by_message;
ALTER TABLE drafts DROP COLUMN withheld_at;
ALTER TABLE drafts DROP COLUMN message_id;
DROP INDEX messages_by_parent;
DROP TABLE answers;
