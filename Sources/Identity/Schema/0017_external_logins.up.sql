-- Providers that vouch for people. What is asked of one and taken from it is one JSON text; its secret is sealed.
CREATE TABLE external_providers (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(40) NOT NULL,
    display_name VARCHAR(100) NOT NULL,
    preset VARCHAR(20) NOT NULL,
    settings MEDIUMTEXT NOT NULL,
    secret VARBINARY(20000) NULL,
    is_enabled BOOLEAN NOT NULL,
    revision BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY external_providers_name (name),
    KEY external_providers_enabled (is_enabled)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Who is known to a provider as whom: by issuer and subject, as bytes, and by nothing that could change hands.
CREATE TABLE external_logins (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    provider_id BINARY(16) NOT NULL,
    issuer VARBINARY(255) NOT NULL,
    subject VARBINARY(255) NOT NULL,
    label VARCHAR(200) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    last_used_at DATETIME(6) NULL,
    UNIQUE KEY external_logins_subject (provider_id, issuer, subject),
    KEY external_logins_user (user_id, id),
    CONSTRAINT external_logins_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT external_logins_provider FOREIGN KEY (provider_id) REFERENCES external_providers (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Browsers that were sent to a provider and are yet to come back; gone with the first that does. A row belongs to the sign-in
-- of a handle or to a session, either of which only its own browser or caller can bring.
CREATE TABLE external_flows (
    state_hash BINARY(32) NOT NULL PRIMARY KEY,
    provider_id BINARY(16) NOT NULL,
    provider_revision BIGINT UNSIGNED NOT NULL,
    caller_id BINARY(16) NOT NULL,
    handle_hash BINARY(32) NULL,
    session_id BINARY(16) NULL,
    is_confirmation BOOLEAN NOT NULL,
    redirect_uri VARCHAR(2048) NOT NULL,
    secrets VARBINARY(500) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    KEY external_flows_expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Which sessions a provider vouched for, so that it can end them.
CREATE TABLE external_sessions (
    session_id BINARY(16) NOT NULL PRIMARY KEY,
    login_id BINARY(16) NOT NULL,
    provider_session VARBINARY(255) NULL,
    KEY external_sessions_login (login_id),
    KEY external_sessions_provider_session (provider_session),
    CONSTRAINT external_sessions_session FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT external_sessions_login FOREIGN KEY (login_id) REFERENCES external_logins (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Logout tokens that were taken, until they are too old to be taken again.
CREATE TABLE external_logouts (
    provider_id BINARY(16) NOT NULL,
    token_hash BINARY(32) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    PRIMARY KEY (provider_id, token_hash),
    KEY external_logouts_expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- The provider's name for its session, until a session of ours comes of the sign-in. An older version leaves it empty.
ALTER TABLE sign_in_flows ADD COLUMN external_session VARBINARY(255) NULL;
