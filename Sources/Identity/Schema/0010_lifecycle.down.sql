ALTER TABLE passkeys DROP COLUMN handle;
ALTER TABLE users DROP COLUMN state_actor_kind, DROP COLUMN state_actor_id, DROP COLUMN state_changed_at;
DROP TABLE invitations;
DROP TABLE identifier_undos;
DROP TABLE identifier_claims;
