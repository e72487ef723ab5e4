-- The greatest serial number of the FIDO metadata that servers of this database worked with, in one row.
CREATE TABLE authenticator_metadata (
    id TINYINT UNSIGNED NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    accepted_at DATETIME(6) NOT NULL,
    CONSTRAINT authenticator_metadata_single CHECK (id = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
