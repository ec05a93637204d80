ALTER TABLE announcements DROP COLUMN place;
