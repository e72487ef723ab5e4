-- assurance_demand: what a sign-in of everybody who has the role or is in the group must reach (0: nothing more).
CREATE TABLE roles (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    canonical_name VARBINARY(800) NOT NULL,
    description VARCHAR(500) NOT NULL DEFAULT '',
    assurance_demand TINYINT UNSIGNED NOT NULL,
    revision BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY roles_name (canonical_name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE user_groups (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    canonical_name VARBINARY(800) NOT NULL,
    description VARCHAR(500) NOT NULL DEFAULT '',
    assurance_demand TINYINT UNSIGNED NOT NULL,
    revision BIGINT UNSIGNED NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY user_groups_name (canonical_name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- What is nested directly in what; a group may be nested in several.
CREATE TABLE group_edges (
    parent_id BINARY(16) NOT NULL,
    child_id BINARY(16) NOT NULL,
    assigned_at DATETIME(6) NOT NULL,
    assigned_by_kind TINYINT UNSIGNED NOT NULL,
    assigned_by BINARY(16) NULL,
    PRIMARY KEY (parent_id, child_id),
    KEY group_edges_child (child_id, parent_id),
    CONSTRAINT group_edges_parent FOREIGN KEY (parent_id) REFERENCES user_groups (id) ON DELETE CASCADE,
    CONSTRAINT group_edges_child FOREIGN KEY (child_id) REFERENCES user_groups (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Every group with itself and with all above it, at any depth. paths: in how many ways; a pair goes when the last way does.
CREATE TABLE group_closure (
    descendant_id BINARY(16) NOT NULL,
    ancestor_id BINARY(16) NOT NULL,
    paths BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (descendant_id, ancestor_id),
    KEY group_closure_ancestor (ancestor_id, descendant_id),
    CONSTRAINT group_closure_descendant FOREIGN KEY (descendant_id) REFERENCES user_groups (id) ON DELETE CASCADE,
    CONSTRAINT group_closure_ancestor FOREIGN KEY (ancestor_id) REFERENCES user_groups (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Who was given what, by whom. may_grant: the holder may pass it on. An assignment counts until expires_at (NULL: for good).
CREATE TABLE user_roles (
    user_id BINARY(16) NOT NULL,
    role_id BINARY(16) NOT NULL,
    may_grant BOOLEAN NOT NULL,
    expires_at DATETIME(6) NULL,
    assigned_at DATETIME(6) NOT NULL,
    assigned_by_kind TINYINT UNSIGNED NOT NULL,
    assigned_by BINARY(16) NULL,
    PRIMARY KEY (user_id, role_id),
    KEY user_roles_role (role_id, user_id),
    KEY user_roles_expires_at (expires_at),
    CONSTRAINT user_roles_holder FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_roles_held FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE group_roles (
    group_id BINARY(16) NOT NULL,
    role_id BINARY(16) NOT NULL,
    may_grant BOOLEAN NOT NULL,
    expires_at DATETIME(6) NULL,
    assigned_at DATETIME(6) NOT NULL,
    assigned_by_kind TINYINT UNSIGNED NOT NULL,
    assigned_by BINARY(16) NULL,
    PRIMARY KEY (group_id, role_id),
    KEY group_roles_role (role_id, group_id),
    KEY group_roles_expires_at (expires_at),
    CONSTRAINT group_roles_holder FOREIGN KEY (group_id) REFERENCES user_groups (id) ON DELETE CASCADE,
    CONSTRAINT group_roles_held FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE group_members (
    user_id BINARY(16) NOT NULL,
    group_id BINARY(16) NOT NULL,
    may_grant BOOLEAN NOT NULL,
    expires_at DATETIME(6) NULL,
    assigned_at DATETIME(6) NOT NULL,
    assigned_by_kind TINYINT UNSIGNED NOT NULL,
    assigned_by BINARY(16) NULL,
    PRIMARY KEY (user_id, group_id),
    KEY group_members_group (group_id, user_id),
    KEY group_members_expires_at (expires_at),
    CONSTRAINT group_members_holder FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT group_members_held FOREIGN KEY (group_id) REFERENCES user_groups (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- The roles that a service account may give, take and administer.
CREATE TABLE service_account_roles (
    service_account_id BINARY(16) NOT NULL,
    role_id BINARY(16) NOT NULL,
    may_grant BOOLEAN NOT NULL,
    expires_at DATETIME(6) NULL,
    assigned_at DATETIME(6) NOT NULL,
    assigned_by_kind TINYINT UNSIGNED NOT NULL,
    assigned_by BINARY(16) NULL,
    PRIMARY KEY (service_account_id, role_id),
    KEY service_account_roles_role (role_id, service_account_id),
    KEY service_account_roles_expires_at (expires_at),
    CONSTRAINT service_account_roles_holder FOREIGN KEY (service_account_id) REFERENCES service_accounts (id) ON DELETE CASCADE,
    CONSTRAINT service_account_roles_held FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

INSERT INTO guards (name, version) VALUES ('membership', 0);
