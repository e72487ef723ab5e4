-- What authenticators know an account by: random, the same for all its passkeys, and in no other use.
CREATE TABLE user_handles (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    handle BINARY(64) NOT NULL,
    UNIQUE KEY user_handles_handle (handle),
    CONSTRAINT user_handles_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- credential_id is unique over all users: a key that somebody has already cannot be registered again.
CREATE TABLE passkeys (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    credential_id VARBINARY(1023) NOT NULL,
    public_key VARBINARY(2048) NOT NULL,
    relying_party_id VARCHAR(253) NOT NULL,
    signature_count INT UNSIGNED NOT NULL,
    is_user_verified BOOLEAN NOT NULL,
    is_backup_eligible BOOLEAN NOT NULL,
    is_backed_up BOOLEAN NOT NULL,
    aaguid BINARY(16) NOT NULL,
    transports VARCHAR(100) NOT NULL DEFAULT '',
    name VARCHAR(100) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    last_used_at DATETIME(6) NULL,
    suspected_copy_at DATETIME(6) NULL,
    UNIQUE KEY passkeys_credential_id (credential_id),
    KEY passkeys_user (user_id, id),
    CONSTRAINT passkeys_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- At most one live challenge for a sign-in or, at registration, a session; gone with the first attempt.
CREATE TABLE passkey_challenges (
    owner_id BINARY(16) NOT NULL,
    purpose TINYINT UNSIGNED NOT NULL,
    challenge BINARY(32) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    PRIMARY KEY (owner_id, purpose),
    KEY passkey_challenges_expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
