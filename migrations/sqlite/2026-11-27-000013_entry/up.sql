-- Those who sign in by way of an OpenID provider: by its name and its name for them, which alone are for ever.
CREATE TABLE staff_identities (
    issuer        TEXT   NOT NULL,
    subject       TEXT   NOT NULL,
    person_id     INTEGER NOT NULL REFERENCES people (id),
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;
CREATE INDEX staff_identities_by_person ON staff_identities (person_id);

-- `hand`, `groups` of the provider, or `both`; a role that is given by neither is not there.
ALTER TABLE staff_roles ADD COLUMN given_by TEXT NOT NULL DEFAULT 'hand';
-- The same for who operates the server: `hand` or `groups`.
ALTER TABLE people ADD COLUMN operator_by TEXT NOT NULL DEFAULT 'hand';

-- Until when what the provider said counts; NULL where it was not asked.
ALTER TABLE staff_sessions ADD COLUMN ends_at INTEGER;
