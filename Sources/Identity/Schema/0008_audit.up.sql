-- The sealed audit trail: numbers in the order of becoming visible, and a hash chain over them (SECURITY LOG-03).

-- 1 until the event is sealed, then NULL. The only column of an event that the server may change; servers of the
-- version before write events without naming it, and these are sealed too.
ALTER TABLE audit_events
    ADD COLUMN unsealed TINYINT UNSIGNED NULL DEFAULT 1,
    ADD KEY audit_events_unsealed (unsealed),
    ADD KEY audit_events_subject_time (subject_user_id, occurred_at),
    ADD KEY audit_events_actor (actor_id, occurred_at),
    ADD KEY audit_events_kind (kind, occurred_at),
    ADD KEY audit_events_outcome (outcome, occurred_at),
    DROP KEY audit_events_subject;

-- One row for each sealed event; rows are only ever added.
CREATE TABLE audit_seals (
    sequence BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    event_id BINARY(16) NOT NULL,
    sealed_at DATETIME(6) NOT NULL,
    -- SHA-256 over the digest before it and the event.
    digest BINARY(32) NOT NULL,
    -- HMAC of the digest under a key that is not in the database: who can write here cannot forge it.
    key_id INT UNSIGNED NOT NULL,
    code BINARY(32) NOT NULL,
    UNIQUE KEY audit_seals_event (event_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
