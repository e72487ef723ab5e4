import Cryptography

@testable import Identity
@testable import MariaDB

/// Rows enough that the planner would rather use an index than read a table.
enum PlanFilling {
    static let rows = 3000
    /// A day long before anything in the tables ends, but for a few rows.
    static let long = Timestamp(microsecondsSinceEpoch: 1_700_000_000_000_000)

    /// The id of the user in row `number`.
    static func userID(_ number: Int) -> UserID {
        UserID(exactly: [UInt8](repeating: 0, count: 14) + [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)])
    }

    /// Statements that fill every table.
    static let statements = [
        """
        INSERT INTO users (id, state, external_id, revision, created_at, updated_at, delete_after)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), IF(seq % 50 = 0, 2, 1), CONCAT('old-', seq), 1, NOW(6), NOW(6),
            IF(seq % 100 = 0, '2100-01-01', NULL) FROM seq_1_to_3000
        """,
        """
        INSERT INTO user_identifiers (id, user_id, kind, value, canonical, is_primary, created_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), 1, CONCAT('user', seq, '@example.com'),
            CONCAT('user', seq, '@example.com'), TRUE, NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO roles (id, name, canonical_name, assurance_demand, revision, created_at, updated_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('n', seq), CONCAT('n', seq), 0, 1, NOW(6), NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO user_groups (id, name, canonical_name, assurance_demand, revision, created_at, updated_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('n', seq), CONCAT('n', seq), 0, 1, NOW(6), NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO group_edges (parent_id, child_id, assigned_at, assigned_by_kind)
        SELECT UNHEX(LPAD(HEX(1 + seq % 300), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), NOW(6), 3 FROM seq_301_to_3000
        """,
        """
        INSERT INTO group_closure (ancestor_id, descendant_id, paths)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), 1 FROM seq_1_to_3000
        """,
        """
        INSERT INTO group_closure (ancestor_id, descendant_id, paths)
        SELECT UNHEX(LPAD(HEX(1 + seq % 300), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), 1 FROM seq_301_to_3000
        """,
        """
        INSERT INTO user_roles (user_id, role_id, may_grant, expires_at, assigned_at, assigned_by_kind)
        SELECT UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), FALSE, '2100-01-01' + INTERVAL seq SECOND,
            NOW(6), 3 FROM seq_1_to_3000
        """,
        """
        INSERT INTO group_roles (group_id, role_id, may_grant, expires_at, assigned_at, assigned_by_kind)
        SELECT UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), FALSE, '2100-01-01' + INTERVAL seq SECOND,
            NOW(6), 3 FROM seq_1_to_3000
        """,
        """
        INSERT INTO group_members (user_id, group_id, may_grant, expires_at, assigned_at, assigned_by_kind)
        SELECT UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), FALSE, '2100-01-01' + INTERVAL seq SECOND,
            NOW(6), 3 FROM seq_1_to_3000
        """,
        """
        INSERT INTO identifier_claims (user_id, id, kind, value, canonical, created_at, expires_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), 1, 'x', 'x', NOW(6),
            '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO identifier_undos (id, user_id, token_hash, changed_at, expires_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), UNHEX(SHA2(seq, 256)), NOW(6),
            '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO invitations (id, token_hash, email, canonical, inviter_kind, user_id, revision, created_at, sent_at, expires_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(SHA2(seq, 256)), CONCAT('user', seq, '@example.com'),
            CONCAT('user', seq, '@example.com'), 3, UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), 1, NOW(6), NOW(6),
            '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO sessions (id, user_id, token_hash, assurance_level, methods, created_at, authenticated_at, last_used_at,
            idle_expires_at, expires_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), UNHEX(SHA2(seq, 256)), 1, 'otp', NOW(6),
            NOW(6), NOW(6), '2100-01-01' + INTERVAL seq SECOND, '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO devices (id, user_id, token_hash, created_at, last_used_at, expires_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), UNHEX(SHA2(seq, 256)), NOW(6),
            NOW(6) + INTERVAL seq SECOND, '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO totp_devices (id, user_id, name, secret, hash, digits, period, created_at, confirmed_at, expires_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), 'x', '', 1, 6, 30, NOW(6),
            NOW(6), '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO passwords (user_id, record, normalization, is_long, changed_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), '', 1, TRUE, NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO former_passwords (user_id, changed_at, record, normalization)
        SELECT UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), NOW(6) + INTERVAL seq SECOND, '', 1 FROM seq_1_to_3000
        """,
        """
        INSERT INTO recovery_codes (id, user_id, lookup, record, pepper_key_id, created_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), seq, '', 1, NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO profiles (user_id, document, revision, updated_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('{"name":"User ', seq, '"}'), 1, NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO profile_index (user_id, attribute, position, sort_key)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), 3, 0, CONCAT('user ', seq) FROM seq_1_to_3000
        """,
        """
        INSERT INTO profile_tasks (attribute, kind, path, done_to, created_at)
        SELECT seq, 1, 'name', UNHEX(LPAD('', 32, '0')), NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO profile_unique_values (attribute, value_hash, user_id)
        SELECT 3, UNHEX(SHA2(seq, 256)), UNHEX(LPAD(HEX(seq), 32, '0')) FROM seq_1_to_3000
        """,
        """
        INSERT INTO user_imports (user_id, digest, user_revision, profile_revision, imported_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(SHA2(seq, 256)), 1, 1, NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO user_handles (user_id, handle)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), RPAD(seq, 64, 'x') FROM seq_1_to_3000
        """,
        """
        INSERT INTO passkeys (id, user_id, credential_id, public_key, relying_party_id, signature_count, is_user_verified,
            is_backup_eligible, is_backed_up, aaguid, name, created_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), UNHEX(SHA2(seq, 256)), '', 'x', 0,
            TRUE, FALSE, FALSE, REPEAT('0', 16), 'x', NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO external_providers (id, name, display_name, preset, settings, is_enabled, revision, created_at, updated_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('p', seq), 'P', 'generic', '', seq % 2, 1, NOW(6), NOW(6) FROM seq_1_to_300
        """,
        """
        INSERT INTO external_logins (id, user_id, provider_id, issuer, subject, label, created_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')),
            UNHEX(LPAD(HEX(1 + seq % 300), 32, '0')), 'i', seq, 'x', NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO external_sessions (session_id, login_id, provider_session)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), seq FROM seq_1_to_3000
        """,
        """
        INSERT INTO external_logouts (provider_id, token_hash, expires_at)
        SELECT REPEAT('0', 16), UNHEX(SHA2(seq, 256)), '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO external_flows (state_hash, provider_id, provider_revision, caller_id, is_confirmation, redirect_uri, secrets,
            created_at, expires_at)
        SELECT UNHEX(SHA2(seq, 256)), REPEAT('0', 16), 1, REPEAT('0', 16), FALSE, '', '', NOW(6),
            '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO passkey_challenges (owner_id, purpose, challenge, expires_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), 2, UNHEX(SHA2(seq, 256)), '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO sign_in_flows (id, token_hash, caller_id, state, identifier_kind, identifier_value,
            identifier_canonical, user_id, wanted_level, created_at, expires_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(SHA2(seq, 256)), REPEAT('0', 16), 1, 1,
            CONCAT('user', seq, '@example.com'), CONCAT('user', seq, '@example.com'),
            UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), 1, NOW(6), '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO one_time_codes (flow_id, purpose, address_kind, address_canonical, key_id, code_hash, created_at, expires_at,
            resend_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), 1, 1, 'x', 1, UNHEX(SHA2(seq, 256)), NOW(6), '2100-01-01' + INTERVAL seq SECOND,
            NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO throttles (subject_hash, kind, label, user_id, window_started_at, window_count, burst_started_at, burst_count,
            consecutive, block_level, is_admitted, updated_at)
        SELECT UNHEX(SHA2(seq, 256)), 1, 'x', UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), NOW(6), 1, NOW(6), 1, 1, 0, TRUE,
            '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO outbox (id, kind, user_id, state, payload, next_attempt_at, expires_at, created_at, finished_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), 1, UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), 1 + seq % 5, '',
            '2100-01-01' + INTERVAL seq SECOND, '2100-01-01' + INTERVAL seq SECOND, NOW(6), NULL FROM seq_1_to_3000
        """,
        """
        INSERT INTO service_accounts (id, name, canonical_name, is_administrator, revision, created_at, updated_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('a', seq), CONCAT('a', seq), seq % 1000 = 0, 1, NOW(6), NOW(6)
            FROM seq_1_to_3000
        """,
        """
        INSERT INTO service_account_roles (service_account_id, role_id, may_grant, expires_at, assigned_at, assigned_by_kind)
        SELECT UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), FALSE, '2100-01-01' + INTERVAL seq SECOND,
            NOW(6), 3 FROM seq_1_to_3000
        """,
        """
        INSERT INTO service_tokens (id, service_account_id, token_hash, created_at, expires_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(SHA2(seq, 256)), NOW(6),
            '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO service_certificate_names (name, service_account_id)
        SELECT CONCAT('n', seq, '.x'), UNHEX(LPAD(HEX(seq), 32, '0')) FROM seq_1_to_3000
        """,
        """
        INSERT INTO idempotency_keys (key_hash, body_hash, answer, user_id, created_at, expires_at)
        SELECT UNHEX(SHA2(seq, 256)), UNHEX(SHA2(seq, 256)), '', UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), NOW(6), '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        """
        INSERT INTO audit_events (id, occurred_at, kind, outcome, actor_kind, actor_id, subject_user_id, unsealed)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), '2026-01-01' + INTERVAL seq SECOND, CONCAT('kind', seq % 40),
            IF(seq % 20 = 0, 2, 1), 2, UNHEX(LPAD(HEX(1 + seq % 100), 32, '0')),
            UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), IF(seq > 2990, 1, NULL) FROM seq_1_to_3000
        """,
        """
        INSERT INTO audit_seals (sequence, event_id, sealed_at, digest, key_id, code)
        SELECT seq, UNHEX(LPAD(HEX(seq), 32, '0')), NOW(6), REPEAT('0', 32), 1, REPEAT('0', 32) FROM seq_1_to_2990
        """,
        """
        INSERT INTO text_segments (first_id, number, owners)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), seq, UNHEX(LPAD(HEX(seq), 32, '0')) FROM seq_1_to_3000
        """,
        """
        INSERT INTO text_postings (segment, field, gram, places)
        SELECT seq, 3, 'use', UNHEX('00') FROM seq_1_to_3000
        """,
        """
        INSERT INTO text_changes (owner_id, change_id)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')) FROM seq_1_to_3000
        """,
        "INSERT INTO leases (name, holder, expires_at) SELECT CONCAT('l', seq), REPEAT('0', 16), NOW(6) FROM seq_1_to_3000",
        """
        INSERT INTO applications (id, name, canonical_name, return_addresses, signed_out_addresses, claim_scopes,
            assurance_demand, allows_missing_challenge, is_disabled, revision, created_at, updated_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('a', seq), CONCAT('a', seq), 'https://a.example.com/', '', '', 0, FALSE,
            FALSE, 1, NOW(6), NOW(6) FROM seq_1_to_3000
        """,
        """
        INSERT INTO tickets (id, token_hash, application_id, user_id, session_id, return_address, created_at, expires_at)
        SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(SHA2(seq, 256)), UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')),
            UNHEX(LPAD(HEX(1 + seq % 1000), 32, '0')), UNHEX(LPAD(HEX(seq), 32, '0')), 'https://a.example.com/', NOW(6),
            '2100-01-01' + INTERVAL seq SECOND FROM seq_1_to_3000
        """,
        "UPDATE sessions SET parent_id = id, application_id = id",
        "INSERT INTO authenticator_metadata (id, number, accepted_at) VALUES (1, 7, NOW(6))",
        "INSERT INTO once (name, happened_at) SELECT CONCAT('o', seq), NOW(6) FROM seq_1_to_300",
    ]

    static let tables = [
        "users", "user_identifiers", "sessions", "devices", "totp_devices", "passwords", "former_passwords",
        "recovery_codes", "user_handles", "passkeys", "external_providers", "external_logins", "external_flows",
        "external_sessions", "external_logouts",
        "passkey_challenges", "sign_in_flows", "one_time_codes",
        "throttles", "outbox",
        "service_accounts",
        "applications", "tickets", "service_tokens", "service_certificate_names", "idempotency_keys", "audit_events",
        "audit_seals", "leases",
        "once", "authenticator_metadata", "identifier_claims", "identifier_undos", "invitations",
        "roles", "user_groups", "group_edges", "group_closure", "user_roles", "group_roles", "group_members",
        "service_account_roles", "text_segments", "text_postings", "text_changes",
    ]

    static func fill(_ world: CoreWorld) async throws {
        for statement in statements { try await world.run(statement) }
        let connection = try Connection.openAny(world.configuration)
        for table in tables { try connection.execute(text: "ANALYZE TABLE \(table)") }
    }
}

/// Randomness for values whose content does not matter.
struct PlainRandom: RandomSource {
    func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }
    func secret(_ count: Int) -> SecretBytes { SecretBytes(copying: bytes(count)) }
}
