-- An older version would take the sessions of applications for people's own.
DELETE FROM sessions WHERE application_id IS NOT NULL;
ALTER TABLE sessions DROP FOREIGN KEY sessions_application;
ALTER TABLE sessions DROP KEY sessions_application, DROP KEY sessions_parent, DROP COLUMN application_id, DROP COLUMN parent_id;
DROP TABLE tickets;
DROP TABLE applications;
