-- An address that a signed-in person says is theirs, until a code that was sent there confirms it; one a user at a time.
-- It occupies nothing: any number of users may claim one address. id is the flow_id of its code.
CREATE TABLE identifier_claims (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    id BINARY(16) NOT NULL,
    kind TINYINT UNSIGNED NOT NULL,
    value VARCHAR(320) NOT NULL,
    canonical VARBINARY(1300) NOT NULL,
    replaces_id BINARY(16) NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    KEY identifier_claims_expires_at (expires_at),
    CONSTRAINT identifier_claims_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- A change of addresses that can be taken back with a secret that was sent to an address from before. removed_* is what
-- comes back (NULL: nothing was removed); what was proved since changed_at goes.
CREATE TABLE identifier_undos (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    token_hash BINARY(32) NOT NULL,
    removed_id BINARY(16) NULL,
    removed_kind TINYINT UNSIGNED NULL,
    removed_value VARCHAR(320) NULL,
    removed_canonical VARBINARY(1300) NULL,
    removed_verified_at DATETIME(6) NULL,
    removed_is_primary BOOLEAN NOT NULL DEFAULT FALSE,
    changed_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    UNIQUE KEY identifier_undos_token_hash (token_hash),
    KEY identifier_undos_user (user_id, changed_at),
    KEY identifier_undos_expires_at (expires_at),
    CONSTRAINT identifier_undos_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- An invitation of somebody who is no user yet, by a link whose secret is stored as a hash. It is over when one of
-- accepted_at and revoked_at is set or it expired; what is over names nobody any more once it is purged.
CREATE TABLE invitations (
    id BINARY(16) NOT NULL PRIMARY KEY,
    token_hash BINARY(32) NOT NULL,
    email VARCHAR(320) NOT NULL,
    canonical VARBINARY(1300) NOT NULL,
    external_id VARBINARY(800) NULL,
    languages VARCHAR(200) NOT NULL DEFAULT '',
    inviter_kind TINYINT UNSIGNED NOT NULL,
    inviter_id BINARY(16) NULL,
    user_id BINARY(16) NULL,
    revision BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(6) NOT NULL,
    sent_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    accepted_at DATETIME(6) NULL,
    revoked_at DATETIME(6) NULL,
    UNIQUE KEY invitations_token_hash (token_hash),
    KEY invitations_canonical (canonical),
    KEY invitations_user (user_id),
    KEY invitations_expires_at (expires_at),
    CONSTRAINT invitations_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Who put a user into their state (the kinds of audit_events), and when; NULL while nobody did.
ALTER TABLE users ADD COLUMN state_actor_kind TINYINT UNSIGNED NULL, ADD COLUMN state_actor_id BINARY(16) NULL,
    ADD COLUMN state_changed_at DATETIME(6) NULL;

-- The handle under which a passkey was registered, when it came from another account of its owner (NULL: the user's own).
ALTER TABLE passkeys ADD COLUMN handle BINARY(64) NULL;
