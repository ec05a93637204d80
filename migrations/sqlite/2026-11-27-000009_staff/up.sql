-- Those who work for agencies. Their names are for colleagues only.
CREATE TABLE people (
    id            INTEGER NOT NULL PRIMARY KEY,
    name          TEXT   NOT NULL,
    email         TEXT   NOT NULL UNIQUE,
    language      TEXT   NOT NULL,
    -- Argon2id, as a PHC string; NULL once they were removed.
    password      TEXT,
    -- Operators of the server, since when.
    operator_since INTEGER,
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

-- One-time links: invitations, resets, the first set-up.
CREATE TABLE staff_links (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- SHA-256 of the token, as with every token here.
    token         TEXT   NOT NULL UNIQUE,
    kind          TEXT   NOT NULL,
    agency_id     INTEGER REFERENCES agencies (id),
    -- Whose access is reset.
    person_id     INTEGER REFERENCES people (id),
    -- For whom an invitation is.
    email         TEXT,
    -- Names of roles with a space between them.
    roles         TEXT   NOT NULL,
    -- NULL for the command line.
    made_by       INTEGER REFERENCES people (id),
    made_at       INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    used_at       INTEGER,
    used_by       INTEGER REFERENCES people (id),
    revoked_at    INTEGER
) STRICT;
CREATE INDEX staff_links_open ON staff_links (agency_id, id) WHERE used_at IS NULL AND revoked_at IS NULL;

CREATE TABLE staff_sessions (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    token         TEXT   NOT NULL UNIQUE,
    person_id     INTEGER NOT NULL REFERENCES people (id),
    -- The family of the browser, and nothing else of it.
    browser       TEXT   NOT NULL,
    begun_at      INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL,
    -- When they last proved who they are.
    proven_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX staff_sessions_by_person ON staff_sessions (person_id);

-- Sign-ins and ceremonies that have begun and not ended.
CREATE TABLE staff_steps (
    token         TEXT   NOT NULL PRIMARY KEY,
    kind          TEXT   NOT NULL,
    person_id     INTEGER REFERENCES people (id),
    state         BLOB   NOT NULL,
    attempts      INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX staff_steps_by_expiry ON staff_steps (expires_at);

-- Devices on which somebody has signed in.
CREATE TABLE staff_devices (
    token         TEXT   NOT NULL PRIMARY KEY,
    person_id     INTEGER NOT NULL REFERENCES people (id),
    seen_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX staff_devices_by_person ON staff_devices (person_id, seen_at);

-- One-time codes (RFC 6238).
CREATE TABLE staff_codes (
    person_id     INTEGER NOT NULL PRIMARY KEY REFERENCES people (id),
    secret        BLOB   NOT NULL,
    -- NULL until the first code was shown to be right.
    confirmed_at  INTEGER,
    -- Of the last code that was used.
    step          INTEGER NOT NULL
) STRICT;

CREATE TABLE staff_recovery_codes (
    person_id     INTEGER NOT NULL REFERENCES people (id),
    code          TEXT   NOT NULL,
    PRIMARY KEY (person_id, code)
) STRICT;

CREATE TABLE staff_passkeys (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    person_id     INTEGER NOT NULL REFERENCES people (id),
    credential    BLOB   NOT NULL UNIQUE,
    -- By which authenticators know the person: chance, the same in all passkeys of one person.
    user_handle   BLOB   NOT NULL,
    transports    INTEGER NOT NULL,
    -- The public key and what never changes beside it.
    public_key    BLOB   NOT NULL,
    -- The counter of signatures and what changes beside it.
    counter       BLOB   NOT NULL,
    name          TEXT   NOT NULL,
    created_at    INTEGER NOT NULL,
    used_at       INTEGER
) STRICT;
CREATE INDEX staff_passkeys_by_person ON staff_passkeys (person_id);

-- Who did what inside. Nothing here changes or goes.
CREATE TABLE staff_trail (
    id            INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- NULL for what concerns the whole server.
    agency_id     INTEGER REFERENCES agencies (id),
    -- NULL for the command line.
    person_id     INTEGER REFERENCES people (id),
    act           TEXT   NOT NULL,
    subject       TEXT   NOT NULL,
    at            INTEGER NOT NULL
) STRICT;
CREATE INDEX staff_trail_by_agency ON staff_trail (agency_id, id);

CREATE TRIGGER staff_trail_not_changed BEFORE UPDATE ON staff_trail
BEGIN
    SELECT RAISE(ABORT, 'the trail cannot be changed');
END;
CREATE TRIGGER staff_trail_not_deleted BEFORE DELETE ON staff_trail
BEGIN
    SELECT RAISE(ABORT, 'the trail cannot be changed');
END;
-- INSERT OR REPLACE deletes without asking.
CREATE TRIGGER staff_trail_not_replaced BEFORE INSERT ON staff_trail
WHEN EXISTS (SELECT 1 FROM staff_trail WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the trail cannot be changed');
END;
