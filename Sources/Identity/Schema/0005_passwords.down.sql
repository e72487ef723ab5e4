ALTER TABLE sessions DROP COLUMN is_restricted;
DROP TABLE recovery_codes;
DROP TABLE former_passwords;
DROP TABLE passwords;
