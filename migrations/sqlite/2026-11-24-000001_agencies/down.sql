DROP TABLE settings;
DROP TABLE cursors;
DROP TABLE journal;
DROP TABLE blobs;
DROP TABLE agencies;
