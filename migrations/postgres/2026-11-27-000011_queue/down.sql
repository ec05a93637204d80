DROP TABLE follower_days;
DROP TABLE answer_templates;
DROP TABLE queue_notes;
DROP TABLE queue_items;
