-- A version of the schema of profiles; never changed once written. Version 1 is the program's own and has no row.
CREATE TABLE profile_schemas (
    version BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    document JSON NOT NULL,
    created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Its version is that of the schema in force; writers of profiles hold it shared, so that none works by an older one.
INSERT INTO guards (name, version) VALUES ('profile_schema', 1);

-- All values of one person. A user without any has no row.
CREATE TABLE profiles (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    document JSON NOT NULL,
    revision BIGINT UNSIGNED NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    CONSTRAINT profiles_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- A row for each value of each attribute that is searched. The bytes of sort_key are in the order of the values.
CREATE TABLE profile_index (
    user_id BINARY(16) NOT NULL,
    attribute INT UNSIGNED NOT NULL,
    position SMALLINT UNSIGNED NOT NULL,
    sort_key VARBINARY(1000) NOT NULL,
    PRIMARY KEY (user_id, attribute, position),
    KEY profile_index_values (attribute, sort_key, user_id),
    CONSTRAINT profile_index_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Values that one user alone may have, as SHA-256 of their sort keys.
CREATE TABLE profile_unique_values (
    attribute INT UNSIGNED NOT NULL,
    value_hash BINARY(32) NOT NULL,
    user_id BINARY(16) NOT NULL,
    PRIMARY KEY (attribute, value_hash),
    KEY profile_unique_values_user (user_id, attribute),
    CONSTRAINT profile_unique_values_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- What a change of the schema left to be done to all profiles, and how far it is: filling the index of an attribute,
-- emptying it, or taking its values out of the documents.
CREATE TABLE profile_tasks (
    attribute INT UNSIGNED NOT NULL PRIMARY KEY,
    kind TINYINT UNSIGNED NOT NULL,
    path VARBINARY(260) NOT NULL,
    done_to BINARY(16) NOT NULL,
    created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
