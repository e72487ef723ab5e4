-- At most one password a user. record was made under the key pepper_key_id of the pepper (NULL: of none) from the password
-- in the form of the version normalization (0: as it was typed). is_long: long enough to be the only factor.
-- reset_demanded_at: it lets nobody in any more, and its owner sets another one.
CREATE TABLE passwords (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    record VARBINARY(2048) NOT NULL,
    pepper_key_id INT UNSIGNED NULL,
    normalization SMALLINT UNSIGNED NOT NULL,
    is_long BOOLEAN NOT NULL,
    changed_at DATETIME(6) NOT NULL,
    reset_demanded_at DATETIME(6) NULL,
    CONSTRAINT passwords_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Passwords that users had before, as many of each as the policy wants.
CREATE TABLE former_passwords (
    user_id BINARY(16) NOT NULL,
    changed_at DATETIME(6) NOT NULL,
    record VARBINARY(2048) NOT NULL,
    pepper_key_id INT UNSIGNED NULL,
    normalization SMALLINT UNSIGNED NOT NULL,
    PRIMARY KEY (user_id, changed_at),
    CONSTRAINT former_passwords_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Recovery codes that were not used. lookup is the beginning of a keyed hash: it finds the one record to try.
CREATE TABLE recovery_codes (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    lookup SMALLINT UNSIGNED NOT NULL,
    record VARBINARY(256) NOT NULL,
    pepper_key_id INT UNSIGNED NOT NULL,
    created_at DATETIME(6) NOT NULL,
    KEY recovery_codes_user (user_id, lookup),
    CONSTRAINT recovery_codes_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- A restricted session is for repairing the account, and for nothing else.
ALTER TABLE sessions ADD COLUMN is_restricted BOOLEAN NOT NULL DEFAULT FALSE;
