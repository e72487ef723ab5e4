ALTER TABLE sign_in_flows DROP COLUMN external_session;
DROP TABLE external_logouts;
DROP TABLE external_sessions;
DROP TABLE external_flows;
DROP TABLE external_logins;
DROP TABLE external_providers;
