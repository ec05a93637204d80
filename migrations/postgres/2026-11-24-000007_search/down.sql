DROP TABLE search_texts;
DELETE FROM cursors WHERE consumer = 'search';
