-- The long text of a wording, which has a page of its own. Wordings without one have no row.
CREATE TABLE articles (
    announcement_id INTEGER NOT NULL REFERENCES announcements,
    -- The number of the revision.
    number        INTEGER NOT NULL,
    title         TEXT   NOT NULL,
    markdown      TEXT   NOT NULL,
    html          TEXT   NOT NULL,
    PRIMARY KEY (announcement_id, number)
) STRICT;
