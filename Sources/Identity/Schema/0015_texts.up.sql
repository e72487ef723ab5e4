-- An index of the parts of texts, for the operators co and ew: runs of users, and for each run who has which three bytes.
-- first_id begins the run, which ends where the next one begins; owners are the ids of its users in order, 16 bytes each.
CREATE TABLE text_segments (
    first_id BINARY(16) NOT NULL PRIMARY KEY,
    number INT UNSIGNED NOT NULL,
    owners MEDIUMBLOB NOT NULL,
    UNIQUE KEY text_segments_number (number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- places: which users of the run have the gram in the field, as the steps from one to the next.
CREATE TABLE text_postings (
    segment INT UNSIGNED NOT NULL,
    field INT UNSIGNED NOT NULL,
    gram BINARY(3) NOT NULL,
    places BLOB NOT NULL,
    PRIMARY KEY (segment, field, gram)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Users whose texts changed since their run was packed: written with the change, and looked at by every search until then.
-- Someone who was erased stays here until nothing packed tells of them.
CREATE TABLE text_changes (
    owner_id BINARY(16) NOT NULL,
    change_id BINARY(16) NOT NULL,
    PRIMARY KEY (owner_id, change_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

INSERT INTO text_changes (owner_id, change_id) SELECT id, id FROM users;
