package import MariaDB

/// The database account the server works with: it changes rows, not tables, and only adds to the audit trail
/// (SECURITY DB-03).
package enum RuntimeAccount {
    /// Name of the account in a private database.
    package static let name = "gatehouse"

    /// Tables whose rows the server inserts, changes and deletes.
    static let changedTables: [SQL] = [
        "GRANT SELECT, INSERT, UPDATE, DELETE ON users TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON user_identifiers TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON user_imports TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON identifier_claims TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON identifier_undos TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON devices TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON totp_devices TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON user_handles TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON passkeys TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON passkey_challenges TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON passwords TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON former_passwords TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON recovery_codes TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON external_providers TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON external_logins TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON external_flows TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON external_sessions TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON external_logouts TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_flows TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_codes TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON throttles TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON leases TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON service_accounts TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON service_tokens TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON service_certificate_names TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON applications TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON tickets TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON roles TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON user_groups TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON group_edges TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON group_closure TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON user_roles TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON group_roles TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON group_members TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON service_account_roles TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON profiles TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON profile_index TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON profile_unique_values TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON profile_tasks TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON text_segments TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON text_postings TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON text_changes TO gatehouse@localhost",
        "GRANT SELECT, INSERT ON profile_schemas TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE ON authenticator_metadata TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE ON guards TO gatehouse@localhost",
        "GRANT SELECT, INSERT, UPDATE ON once TO gatehouse@localhost",
    ]
    /// The audit trail is append-only, and nobody but the migrator writes down migrations.
    static let keptTables: [SQL] = [
        "GRANT SELECT, INSERT, UPDATE (unsealed) ON audit_events TO gatehouse@localhost",
        "GRANT SELECT, INSERT ON audit_seals TO gatehouse@localhost",
        "GRANT SELECT ON schema_migrations TO gatehouse@localhost",
    ]

    /// Makes the account in a private database and gives it its rights; may be repeated.
    ///
    /// It has no password: the server listens on a Unix socket in a directory that nobody else can enter.
    package static func grant(on administration: DatabaseConfiguration) throws(DatabaseError) {
        let create: SQL = "CREATE USER IF NOT EXISTS gatehouse@localhost"
        try DatabaseAdministration.run([create] + changedTables + keptTables, on: administration)
    }
}
