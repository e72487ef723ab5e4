import Cryptography
import MariaDB
import Testing

@testable import Identity

/// What is committed while an import is under way counts, though the import had read before (SECURITY PW-15, ADM-03).
@Suite struct ImportRaceTests {
    private static let overwrite = ImportOptions(conflict: .overwrite)

    /// Runs an import that has to wait for another transaction: `first` takes its locks before the import begins, and `then`
    /// runs when the import waits for one of them.
    private func load(
        _ record: UserRecord,
        _ context: CallContext,
        in world: CoreWorld,
        during first: @escaping @Sendable (Transaction) throws -> Void,
        _ then: @escaping @Sendable (Transaction) throws -> Void
    ) async throws -> ImportResult? {
        let (begun, signal) = AsyncStream<Void>.makeStream()
        let database = world.database
        async let other: Void = database.transaction(deadline: .after(.seconds(600))) { transaction in
            try first(transaction)
            signal.finish()
            let waiting = Question(
                text: """
                    SELECT COUNT(*) FROM information_schema.innodb_trx t
                    JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
                    WHERE p.db = DATABASE() AND t.trx_state = 'LOCK WAIT'
                    """
            )
            for _ in 0..<100 where try transaction.first(waiting) == 0 {
                _ = try transaction.first(Question(text: "SELECT SLEEP(0.05)"))
            }
            try then(transaction)
        }
        for await _ in begun {}
        let results = try await world.load([record], Self.overwrite, context)
        try await other
        return results.first
    }

    @Test func `who signs in for the first time while he is imported keeps his ways in`() async throws {
        try await withCore({ $0.takeImports() }) { world in
            let user = try await world.makeUser("a@example.com").id
            let (parts, now, browser) = (world.parts, world.clock.now(), world.anonymous())
            let record = userRecord("a@example.com") {
                $0.secrets.password = .init(record: SecretBytes(copying: Array(UserRecord.bcrypt.utf8)))
            }
            let result = try await load(record, world.caller(["*"]), in: world) { transaction in
                _ = try transaction.first(LockUser(id: user))
            } _: { transaction in
                let store = SessionStore(parts: parts)
                _ = try store.create(for: user, level: .aal1, methods: ["otp"], at: now, browser, transaction)
            }
            #expect(result?.outcome.problems.map(\.reason) == [.importRefused])
            #expect(try await world.number("SELECT COUNT(*) FROM passwords") == 0)
            #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 1)
        }
    }

    @Test func `who gets a role while he is imported is overwritten by nobody who has it not`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com").id
            let role = try await world.core.roles.create(name: "admin", world.system).id
            let assignment = Assignment<AssignmentKinds.RoleOfUser>(
                holder: user,
                held: role,
                terms: AssignmentTerms(),
                assignedAt: world.clock.now(),
                assignedBy: Assigner(.system)
            )
            let record = userRecord("a@example.com") { $0.externalID = "mine" }
            let result = try await load(record, world.caller(["users.import"]), in: world) { transaction in
                try transaction.execute(TakeMembershipGuard())
                _ = try transaction.first(LockUser(id: user))
            } _: { transaction in
                try transaction.execute(WriteAssignment(assignment: assignment))
            }
            #expect(result?.outcome.problems.map(\.reason) == [.authorityMissing])
            #expect(try await world.core.users.get(user, world.system).externalID == nil)
        }
    }

    @Test func `who gets another address while he is imported keeps it`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            _ = try await world.makeSession(of: user.id)
            let address = Array("b@example.com".utf8)
            let (identifier, now) = (try #require(user.identifiers.first), world.clock.now())
            let added = UserIdentifier(
                id: world.parts.makeID(),
                kind: .email,
                value: "b@example.com",
                verifiedAt: now,
                isPrimary: false
            )
            let result = try await load(userRecord("a@example.com"), world.caller(["*"]), in: world) { transaction in
                _ = try transaction.first(LockUser(id: user.id))
            } _: { transaction in
                let insert = InsertIdentifier(identifier: added, user: user.id, canonical: address, now: now)
                try transaction.execute(insert)
            }
            // The row has other names than he has now, and he signed in here.
            #expect(result?.outcome.problems.map(\.reason) == [.importRefused])
            let found = try await world.core.users.get(user.id, world.system)
            #expect(Set(found.identifiers.map(\.id)) == [identifier.id, added.id])
        }
    }
}
