DROP TABLE peers;
DROP TABLE deliveries;
DROP TABLE activities;
DROP TABLE event_queue;
DROP TABLE events;
DROP TABLE actor_keys;
DROP TABLE signing_keys;
