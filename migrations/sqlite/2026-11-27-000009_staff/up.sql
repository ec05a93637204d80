-- Those who work for agencies. Their names are for colleagues only.
CREATE TABLE people (
    id            INTEGER NOT NULL PRIMARY KEY,
    name          TEXT   NOT NULL,
    email         TEXT   NOT NULL UNIQUE,
    language      TEXT   NOT NULL,
    created_at    INTEGER NOT NULL,
    removed_at    INTEGER
) STRICT;

CREATE TABLE staff_roles (
    agency_id     INTEGER NOT NULL REFERENCES agencies (id),
    person_id     INTEGER NOT NULL REFERENCES people (id),
    role          TEXT   NOT NULL,
    given_at      INTEGER NOT NULL,
    PRIMARY KEY (agency_id, person_id, role)
) STRICT;
CREATE INDEX staff_roles_by_person ON staff_roles (person_id);
