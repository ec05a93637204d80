ALTER TABLE staff_sessions DROP COLUMN ends_at;
ALTER TABLE people DROP COLUMN operator_by;
ALTER TABLE staff_roles DROP COLUMN given_by;
DROP TABLE staff_identities;
