DROP TABLE text_changes;
DROP TABLE text_postings;
DROP TABLE text_segments;
