ALTER TABLE devices DROP COLUMN remembered_until;
ALTER TABLE sessions DROP COLUMN proof_kind;
DROP TABLE totp_devices;
