import Cryptography
import MariaDB
import Testing

@testable import Identity

/// SECURITY PRI-01: everything about one person, without secrets and without other people's data.
struct PersonExportTests {
    @Test func `an export holds what is stored of a person, and nothing secret`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp("ada@example.com")
        let user = app.session.userID
        _ = try await world.core.identifiers.setUsername("lovelace", of: user, world.administrator)
        _ = try await world.makeUser("bob@example.com")
        let document = try await world.core.users.export(user, world.administrator)
        for word in [
            "ada@example.com", "lovelace", "\"Phone\"", "\"format\" : \"gatehouse.person\"", user.description,
            "\"kind\" : \"user.created\"", "\"name\" : \"Phone\"",
        ] {
            #expect(document.contains(word), "\(word)")
        }
        let secret = try #require(app.secret.validatedUTF8String())
        for word in ["bob@example.com", "ghs_", "ghd_", "ghu_", secret, "hash", "secret", "record"] {
            #expect(!document.contains(word), "\(word)")
        }
        #expect(try await world.number("SELECT COUNT(*) FROM audit_events WHERE kind = 'user.exported'") == 1)
    }

    @Test func `the same person gives the same bytes`() async throws {
        let world = try await SignInWorld()
        let user = try await world.core.users.create(
            NewUser(identifiers: [NewIdentifier(kind: .username, value: "ada")], externalID: "e/1"),
            world.administrator
        )
        let created = world.clock.now().description
        world.clock.advance(.seconds(1))
        let document = try await world.core.users.export(user.id, world.administrator)
        let golden = """
            {
              "addressChanges" : [

              ],
              "addressesToProve" : [

              ],
              "applicationSignIns" : [

              ],
              "authenticatorApps" : [

              ],
              "devices" : [

              ],
              "events" : [
                {
                  "at" : "NOW",
                  "by" : "service",
                  "kind" : "user.exported",
                  "outcome" : 1,
                  "reason" : "",
                  "sourceAddress" : null
                },
                {
                  "at" : "TIME",
                  "by" : "service",
                  "kind" : "user.created",
                  "outcome" : 1,
                  "reason" : "",
                  "sourceAddress" : null
                }
              ],
              "eventsAreComplete" : true,
              "exportedAt" : "NOW",
              "externalLogins" : [

              ],
              "format" : "gatehouse.person",
              "groups" : [

              ],
              "identifiers" : [
                {
                  "addedAt" : "TIME",
                  "kind" : "user name",
                  "primary" : true,
                  "value" : "ada",
                  "verifiedAt" : null
                }
              ],
              "invitations" : [

              ],
              "messages" : [

              ],
              "passkeys" : [

              ],
              "password" : null,
              "profile" : {

              },
              "recoveryCodes" : {
                "remaining" : 0
              },
              "roles" : [

              ],
              "sessions" : [

              ],
              "signIns" : [

              ],
              "user" : {
                "createdAt" : "TIME",
                "deleteAfter" : null,
                "externalId" : "e/1",
                "id" : "ID",
                "lockedUntil" : null,
                "state" : "active",
                "stateReason" : "",
                "updatedAt" : "TIME"
              },
              "version" : 1
            }
            """
        let time = world.clock.now().description
        let plain = document.split(separator: time, omittingEmptySubsequences: false).joined(separator: "NOW")
            .split(separator: created, omittingEmptySubsequences: false).joined(separator: "TIME")
            .split(separator: user.id.description, omittingEmptySubsequences: false).joined(separator: "ID")
        #expect(plain == golden)
    }

    @Test func `a person exports only their own, after a fresh proof, a few times a day`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely("ada@example.com").session
        let bob = try await world.makeUser("bob@example.com")
        await expectRefusal(.stepUpRequired) {
            try await world.core.users.export(session.userID, world.person(session))
        }
        let fresh = world.person(try await world.fresh(session, kind: .address))
        await expectRefusal(.notFound) { try await world.core.users.export(bob, fresh) }
        for _ in 0..<5 { _ = try await world.core.users.export(session.userID, fresh) }
        await expectRefusal(.throttled) { try await world.core.users.export(session.userID, fresh) }
        await expectRefusal(.notFound) { try await world.core.users.export(.zero, world.administrator) }
        await expectRefusal(.credentialsMissing) { try await world.core.users.export(bob, world.browser()) }
    }

    @Test(arguments: [
        [], ["users.read"], ["users.*", "profiles.*", "sessions.*"], ["export.users"],
        ["export.secrets", "users.read"],
    ]) func `nobody exports a person by a right that is for less`(scopes: [String]) async throws {
        try await withCore { world in
            let user = try await world.makeUser("ada@example.com")
            await expectRefusal(.permissionMissing) { try await world.core.users.export(user.id, world.caller(scopes)) }
            #expect(try await world.events(.userExported) == 0)
            _ = try await world.core.users.export(user.id, world.caller(["users.read", "export.users"]))
        }
    }

    @Test func `what a person may not read of his profile is not in his own export`() async throws {
        let world = try await SignInWorld()
        let attributes = [
            try attribute("motto", .string),
            try attribute("rating", .string) { ($0.readers, $0.writers) = (.administrator, .administrator) },
            try attribute("fingerprint", .string) { ($0.readers, $0.writers) = (.hidden, .hidden) },
        ]
        _ = try await world.core.profileSchema.change(ProfileSchemaChange(put: attributes), world.administrator)
        let session = try await world.signInCompletely("ada@example.com").session
        let values = try changes(#"{"motto":"seen","rating":"kept","fingerprint":"deep"}"#)
        _ = try await world.core.profiles.update(session.userID, values, world.administrator)
        let fresh = world.person(try await world.fresh(session, kind: .address))
        let own = try await world.core.users.export(session.userID, fresh)
        #expect(own.contains("\"motto\" : \"seen\"") && !own.contains("rating") && !own.contains("fingerprint"))
        let whole = try await world.core.users.export(session.userID, world.administrator)
        #expect(["seen", "kept", "deep"].allSatisfy { whole.contains($0) })
    }

    @Test func `an export says when it does not hold all events`() async throws {
        let world = try await SignInWorld()
        let user = try await world.makeUser("ada@example.com")
        let few = try await world.core.users.export(user, world.administrator)
        #expect(few.contains(#""eventsAreComplete" : true"#))
        try world.run(
            """
            INSERT INTO audit_events (id, occurred_at, kind, outcome, reason, actor_kind, subject_user_id, request_id, details)
            SELECT UNHEX(LPAD(HEX(seq), 32, '0')), created_at, 'user.updated', 1, '', 0, u.id, '', '{}'
            FROM users u, seq_1_to_\(UserFlows.exportedEvents)
            """
        )
        let many = try await world.core.users.export(user, world.administrator)
        #expect(many.contains(#""eventsAreComplete" : false"#))
    }

    @Test func `every table that holds anything of a user has a part`() async throws {
        let world = try await SignInWorld()
        let listed = Set(AccountPart.all.flatMap(\.tables))
        let tables = try await world.database.read(deadline: .after(.seconds(600))) { try $0.all(TablesOfUsers()) }
        #expect(tables.count > 10)
        for table in tables {
            #expect(listed.contains(table), "\(table): add it to AccountPart.all, which merging and exporting go by")
        }
    }
}

/// The tables with a column `user_id`.
private struct TablesOfUsers: Statement {
    static let sql: SQL = """
        SELECT table_name FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name = 'user_id'
        """

    static func row(from columns: inout Columns) throws(DatabaseError) -> String { try columns.next() }
}
