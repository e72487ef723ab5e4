DROP TABLE audit_seals;
ALTER TABLE audit_events
    ADD KEY audit_events_subject (subject_user_id, id),
    DROP KEY audit_events_subject_time,
    DROP KEY audit_events_actor,
    DROP KEY audit_events_kind,
    DROP KEY audit_events_outcome,
    DROP KEY audit_events_unsealed,
    DROP COLUMN unsealed;
