ALTER TABLE sign_in_flows
    DROP COLUMN device_id,
    DROP COLUMN session_id;
ALTER TABLE sessions DROP COLUMN device_id;
DROP TABLE devices;
