-- Which further post of an announcement of several it is, counted from 1; 0 for the first of them, and for whatever was said alone.
ALTER TABLE announcements ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
