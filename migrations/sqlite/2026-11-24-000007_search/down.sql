DROP TABLE search_index;
DROP TABLE search_texts;
DELETE FROM cursors WHERE consumer = 'search';
