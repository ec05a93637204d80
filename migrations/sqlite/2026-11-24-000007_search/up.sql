-- Full-text search in announcements and shown replies. It holds nothing that does not stand elsewhere, and is made anew
-- after a restoration.
CREATE TABLE search_texts (
    -- Of the entry that the text is from.
    place         INTEGER NOT NULL PRIMARY KEY,
    subject_kind  INTEGER NOT NULL,
    subject       INTEGER NOT NULL,
    -- Of an announcement; 0 for a reply.
    revision      INTEGER NOT NULL,
    -- Folded words with a space between them.
    words         TEXT   NOT NULL
) STRICT;
CREATE INDEX search_texts_by_subject ON search_texts (subject, subject_kind);

-- The words are folded already, so that a space is all that divides them.
CREATE VIRTUAL TABLE search_index USING fts5(words, content='search_texts', content_rowid='place', tokenize='ascii');
-- What is deleted leaves the index at once.
INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1);
