DROP TABLE peers;
DROP TABLE deliveries;
DROP TABLE activities;
DROP TABLE events;
DROP TABLE actor_keys;
DROP TABLE signing_keys;
