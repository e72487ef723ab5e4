-- An application to which the site hands sign-ins over. Addresses are visible ASCII with spaces between them, compared byte by
-- byte in the program. service_account_id is who redeems its tickets; NULL: nobody, so nothing is handed over.
CREATE TABLE applications (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    canonical_name VARBINARY(800) NOT NULL,
    service_account_id BINARY(16) NULL,
    return_addresses VARBINARY(9000) NOT NULL,
    signed_out_addresses VARBINARY(9000) NOT NULL,
    claim_scopes VARCHAR(4000) NOT NULL,
    assurance_demand TINYINT UNSIGNED NOT NULL,
    allows_missing_challenge BOOLEAN NOT NULL,
    is_disabled BOOLEAN NOT NULL,
    revision BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY applications_name (canonical_name),
    KEY applications_service_account (service_account_id),
    CONSTRAINT applications_service_account FOREIGN KEY (service_account_id) REFERENCES service_accounts (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- A sign-in on its way to an application: once, for a minute. session_id is the person's own session, which may end before.
-- redeemed_at is set by the first who comes with it, made_session_id when the application got a session for it.
CREATE TABLE tickets (
    id BINARY(16) NOT NULL PRIMARY KEY,
    token_hash BINARY(32) NOT NULL,
    application_id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    session_id BINARY(16) NOT NULL,
    return_address VARBINARY(500) NOT NULL,
    challenge BINARY(32) NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    redeemed_at DATETIME(6) NULL,
    made_session_id BINARY(16) NULL,
    UNIQUE KEY tickets_token_hash (token_hash),
    KEY tickets_application (application_id),
    KEY tickets_user (user_id),
    KEY tickets_expires_at (expires_at),
    CONSTRAINT tickets_application FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE CASCADE,
    CONSTRAINT tickets_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- The application that a session is for, and the person's own session that it came of (NULL: it is one).
ALTER TABLE sessions ADD COLUMN application_id BINARY(16) NULL, ADD COLUMN parent_id BINARY(16) NULL,
    ADD KEY sessions_application (application_id), ADD KEY sessions_parent (parent_id),
    ADD CONSTRAINT sessions_application FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE CASCADE;
