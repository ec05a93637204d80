DROP TABLE hashtags;
DROP TABLE revisions;
DROP TABLE announcements;
