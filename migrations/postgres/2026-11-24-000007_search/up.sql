-- Full-text search in announcements and shown replies. It holds nothing that does not stand elsewhere, and is made anew
-- after a restoration.
CREATE TABLE search_texts (
    -- Of the entry that the text is from.
    place         BIGINT NOT NULL PRIMARY KEY,
    subject_kind  SMALLINT NOT NULL,
    subject       BIGINT NOT NULL,
    -- Of an announcement; 0 for a reply.
    revision      INTEGER NOT NULL,
    -- Folded words with a space between them.
    words         TEXT   NOT NULL
);
CREATE INDEX search_texts_by_subject ON search_texts (subject, subject_kind);
CREATE INDEX search_texts_by_words ON search_texts USING gin (to_tsvector('simple'::regconfig, words));
