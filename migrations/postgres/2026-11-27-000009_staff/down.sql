DROP TABLE staff_roles;
DROP TABLE people;
