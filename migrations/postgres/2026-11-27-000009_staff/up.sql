-- Those who work for agencies. Their names are for colleagues only.
CREATE TABLE people (
    id            BIGINT NOT NULL PRIMARY KEY,
    name          TEXT   NOT NULL,
    email         TEXT   NOT NULL UNIQUE,
    language      TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    removed_at    BIGINT
);

CREATE TABLE staff_roles (
    agency_id     BIGINT NOT NULL REFERENCES agencies (id),
    person_id     BIGINT NOT NULL REFERENCES people (id),
    role          TEXT   NOT NULL,
    given_at      BIGINT NOT NULL,
    PRIMARY KEY (agency_id, person_id, role)
);
CREATE INDEX staff_roles_by_person ON staff_roles (person_id);
