-- Browsers and applications that a user signed in with before: what strangers try does not use up their limits. token_hash
-- is the hash of a secret that only the device holds.
CREATE TABLE devices (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    token_hash BINARY(32) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    last_used_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    UNIQUE KEY devices_token_hash (token_hash),
    KEY devices_user (user_id, last_used_at),
    KEY devices_expires_at (expires_at),
    CONSTRAINT devices_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- The device that a session was begun on; it is forgotten with a session that is ended from elsewhere.
ALTER TABLE sessions ADD COLUMN device_id BINARY(16) NULL;

-- session_id is set when the flow proves anew whose session it is (step-up); device_id is the recognised device.
ALTER TABLE sign_in_flows
    ADD COLUMN session_id BINARY(16) NULL,
    ADD COLUMN device_id BINARY(16) NULL;
