-- Authenticator apps. secret is sealed with the row as context; it is pending until a code proved that the app has it,
-- and expires_at says until when. last_step is the step of the code accepted last: none is taken twice.
CREATE TABLE totp_devices (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    name VARCHAR(100) NOT NULL,
    secret VARBINARY(200) NOT NULL,
    hash TINYINT UNSIGNED NOT NULL,
    digits TINYINT UNSIGNED NOT NULL,
    period SMALLINT UNSIGNED NOT NULL,
    last_step BIGINT NULL,
    created_at DATETIME(6) NOT NULL,
    confirmed_at DATETIME(6) NULL,
    expires_at DATETIME(6) NULL,
    last_used_at DATETIME(6) NULL,
    KEY totp_devices_user (user_id, id),
    KEY totp_devices_expires_at (expires_at),
    CONSTRAINT totp_devices_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- What the last proof of identity was worth; 1 is an address, as all proofs before this were.
ALTER TABLE sessions ADD COLUMN proof_kind TINYINT UNSIGNED NOT NULL DEFAULT 1;

-- Until then a second factor is not asked for on this device.
ALTER TABLE devices ADD COLUMN remembered_until DATETIME(6) NULL;
