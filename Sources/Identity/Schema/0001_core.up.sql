-- Times are UTC from the application's clock. Lookup keys are canonical bytes (VARBINARY/BINARY), never compared by a
-- text collation. Every table has a primary key and works under Galera.

CREATE TABLE users (
    id BINARY(16) NOT NULL PRIMARY KEY,
    state TINYINT UNSIGNED NOT NULL,
    state_reason VARCHAR(500) NOT NULL DEFAULT '',
    locked_until DATETIME(6) NULL,
    delete_after DATETIME(6) NULL,
    restore_state TINYINT UNSIGNED NULL,
    external_id VARBINARY(800) NULL,
    revision BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY users_external_id (external_id),
    KEY users_state (state, id),
    KEY users_delete_after (delete_after)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- A row holds a name that its owner proved, or one an administrator put in and that waits for proof. An address that a
-- person merely claims never stands here, so nobody can occupy another's address.
CREATE TABLE user_identifiers (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    kind TINYINT UNSIGNED NOT NULL,
    value VARCHAR(320) NOT NULL,
    canonical VARBINARY(1300) NOT NULL,
    verified_at DATETIME(6) NULL,
    is_primary BOOLEAN NOT NULL,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY user_identifiers_canonical (kind, canonical),
    KEY user_identifiers_user (user_id, kind),
    CONSTRAINT user_identifiers_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE sessions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL,
    token_hash BINARY(32) NOT NULL,
    assurance_level TINYINT UNSIGNED NOT NULL,
    methods VARCHAR(200) NOT NULL,
    source_address VARCHAR(45) NULL,
    user_agent VARCHAR(512) NOT NULL DEFAULT '',
    created_at DATETIME(6) NOT NULL,
    authenticated_at DATETIME(6) NOT NULL,
    last_used_at DATETIME(6) NOT NULL,
    idle_expires_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    UNIQUE KEY sessions_token_hash (token_hash),
    KEY sessions_user (user_id, id),
    KEY sessions_idle_expires_at (idle_expires_at),
    KEY sessions_expires_at (expires_at),
    CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- One sign-in under way. token_hash is the hash of the handle that its browser or RPC caller holds; caller_id binds it
-- to the service account that began it (zero bytes for the site).
CREATE TABLE sign_in_flows (
    id BINARY(16) NOT NULL PRIMARY KEY,
    token_hash BINARY(32) NOT NULL,
    caller_id BINARY(16) NOT NULL,
    state TINYINT UNSIGNED NOT NULL,
    identifier_kind TINYINT UNSIGNED NULL,
    identifier_value VARCHAR(320) NULL,
    identifier_canonical VARBINARY(1300) NULL,
    user_id BINARY(16) NULL,
    wanted_level TINYINT UNSIGNED NOT NULL,
    factors VARCHAR(1000) NOT NULL DEFAULT '',
    return_target VARCHAR(1000) NOT NULL DEFAULT '',
    languages VARCHAR(200) NOT NULL DEFAULT '',
    source_address VARCHAR(45) NULL,
    user_agent VARCHAR(512) NOT NULL DEFAULT '',
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    UNIQUE KEY sign_in_flows_token_hash (token_hash),
    KEY sign_in_flows_user (user_id),
    KEY sign_in_flows_identifier (identifier_canonical, identifier_kind),
    KEY sign_in_flows_expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- At most one live code for a flow and purpose: a new one replaces the row. Bound to the exact address it was sent to.
CREATE TABLE one_time_codes (
    flow_id BINARY(16) NOT NULL,
    purpose TINYINT UNSIGNED NOT NULL,
    address_kind TINYINT UNSIGNED NOT NULL,
    address_canonical VARBINARY(1300) NOT NULL,
    key_id INT UNSIGNED NOT NULL,
    code_hash BINARY(32) NOT NULL,
    tries TINYINT UNSIGNED NOT NULL DEFAULT 0,
    sent_count INT UNSIGNED NOT NULL DEFAULT 1,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    resend_at DATETIME(6) NOT NULL,
    consumed_at DATETIME(6) NULL,
    PRIMARY KEY (flow_id, purpose),
    KEY one_time_codes_expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- subject_hash is a keyed hash of what is limited (account, address, source, ...), so the table tells nobody's address.
-- is_admitted is what the last count decided; label names the method or purpose for administrators.
CREATE TABLE throttles (
    subject_hash BINARY(32) NOT NULL PRIMARY KEY,
    kind TINYINT UNSIGNED NOT NULL,
    label VARBINARY(40) NOT NULL,
    user_id BINARY(16) NULL,
    window_started_at DATETIME(6) NOT NULL,
    window_count INT UNSIGNED NOT NULL,
    burst_started_at DATETIME(6) NOT NULL,
    burst_count INT UNSIGNED NOT NULL,
    consecutive INT UNSIGNED NOT NULL,
    block_level INT UNSIGNED NOT NULL,
    blocked_until DATETIME(6) NULL,
    burst_blocked_until DATETIME(6) NULL,
    disabled_at DATETIME(6) NULL,
    is_admitted BOOLEAN NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    KEY throttles_user (user_id),
    KEY throttles_updated_at (updated_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- payload is sealed: it holds the code on its way. It is emptied with delivery.
CREATE TABLE outbox (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind TINYINT UNSIGNED NOT NULL,
    user_id BINARY(16) NULL,
    state TINYINT UNSIGNED NOT NULL,
    payload VARBINARY(60000) NOT NULL,
    attempts INT UNSIGNED NOT NULL DEFAULT 0,
    next_attempt_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    finished_at DATETIME(6) NULL,
    last_error VARCHAR(200) NOT NULL DEFAULT '',
    KEY outbox_due (state, next_attempt_at),
    KEY outbox_user (user_id),
    KEY outbox_expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Who holds a singleton's work (outbox, purge), because GET_LOCK is local to one Galera node.
CREATE TABLE leases (
    name VARBINARY(64) NOT NULL PRIMARY KEY,
    holder BINARY(16) NOT NULL,
    expires_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE service_accounts (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    canonical_name VARBINARY(800) NOT NULL,
    description VARCHAR(500) NOT NULL DEFAULT '',
    scopes VARCHAR(4000) NOT NULL DEFAULT '',
    is_administrator BOOLEAN NOT NULL,
    is_disabled BOOLEAN NOT NULL DEFAULT FALSE,
    revision BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY service_accounts_name (canonical_name),
    KEY service_accounts_administrators (is_administrator, is_disabled)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE service_tokens (
    id BINARY(16) NOT NULL PRIMARY KEY,
    service_account_id BINARY(16) NOT NULL,
    token_hash BINARY(32) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    last_used_at DATETIME(6) NULL,
    UNIQUE KEY service_tokens_token_hash (token_hash),
    KEY service_tokens_account (service_account_id, id),
    KEY service_tokens_expires_at (expires_at),
    CONSTRAINT service_tokens_account FOREIGN KEY (service_account_id) REFERENCES service_accounts (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE service_certificate_names (
    name VARBINARY(255) NOT NULL PRIMARY KEY,
    service_account_id BINARY(16) NOT NULL,
    KEY service_certificate_names_account (service_account_id),
    CONSTRAINT service_certificate_names_account FOREIGN KEY (service_account_id) REFERENCES service_accounts (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Rows that a change writes to so that no two changes of their kind run at once, on any node: "administrators".
CREATE TABLE guards (
    name VARBINARY(64) NOT NULL PRIMARY KEY,
    version BIGINT UNSIGNED NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

INSERT INTO guards (name, version) VALUES ('administrators', 0);

-- Facts that may become true once: "bootstrapped".
CREATE TABLE once (
    name VARBINARY(64) NOT NULL PRIMARY KEY,
    happened_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- The sealed answer of a mutating call, for replays within 24 hours. key_hash covers caller, method and key. user_id is
-- whom the answer tells of; it is emptied when that user is erased, and the key stays taken.
CREATE TABLE idempotency_keys (
    key_hash BINARY(32) NOT NULL PRIMARY KEY,
    body_hash BINARY(32) NOT NULL,
    answer MEDIUMBLOB NOT NULL,
    user_id BINARY(16) NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    KEY idempotency_keys_user (user_id),
    KEY idempotency_keys_expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Append only. Numbers and the hash chain are added later by a sealer, so nothing waits on a hot row.
CREATE TABLE audit_events (
    id BINARY(16) NOT NULL PRIMARY KEY,
    occurred_at DATETIME(6) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    outcome TINYINT UNSIGNED NOT NULL,
    reason VARCHAR(64) NOT NULL DEFAULT '',
    actor_kind TINYINT UNSIGNED NOT NULL,
    actor_id BINARY(16) NULL,
    via_service_account_id BINARY(16) NULL,
    subject_user_id BINARY(16) NULL,
    subject_id BINARY(16) NULL,
    session_id BINARY(16) NULL,
    source_address VARCHAR(45) NULL,
    request_id VARCHAR(64) NOT NULL DEFAULT '',
    details JSON NULL,
    KEY audit_events_subject (subject_user_id, id),
    KEY audit_events_occurred_at (occurred_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
