-- From which row of an import a user came last, so that an import that was interrupted can be run again.
CREATE TABLE user_imports (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    digest BINARY(32) NOT NULL,
    user_revision BIGINT UNSIGNED NOT NULL,
    profile_revision BIGINT UNSIGNED NOT NULL,
    imported_at DATETIME(6) NOT NULL,
    KEY user_imports_imported_at (imported_at),
    CONSTRAINT user_imports_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
