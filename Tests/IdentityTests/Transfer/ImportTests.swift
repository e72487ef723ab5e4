import Cryptography
import JSON
import Testing

@testable import Identity
@testable import MariaDB

/// Users are moved in, whole or not at all (PRODUCT section 11).
@Suite struct ImportTests {
    @Test func `an export imported into an empty directory gives equal rows`() async throws {
        try await withCore({ $0.takeImports() }) { world in
            try await world.prepareForWhole()
            let made = try await world.load(try (1...9).map(UserRecord.whole))
            #expect(made.allSatisfy { $0.outcome == .created }, "\(made)")
            let before = try await world.everything()
            #expect(before.values.allSatisfy { !$0.isEmpty })
            let exported = try await world.export()
            #expect(exported.count == 9)
            try await world.run("DELETE FROM users")
            #expect(try await world.everything().values.allSatisfy(\.isEmpty))
            let again = try await world.load(exported)
            #expect(again.allSatisfy { $0.outcome == .created }, "\(again)")
            #expect(try await world.everything() == before)
            #expect(try await world.events(.userImported) == 18)
            #expect(try await world.events(.roleGiven) == 18)
        }
    }

    @Test func `a key of an authenticator app opens in its new row, and in no other`() async throws {
        try await withCore({ $0.takeImports() }) { world in
            try await world.prepareForWhole()
            _ = try await world.load([try UserRecord.whole(1)])
            let exported = try await world.export()
            let secret = try #require(exported.first?.secrets.totpDevices.first?.secret)
            #expect(secret.withBytes { Array($0) } == [UInt8](repeating: 5, count: 20))
        }
    }

    @Test func `all that is wrong with a row is told, and the other rows are written`() async throws {
        try await withCore({ $0.takeImports() }) { world in
            try await world.prepareForWhole()
            var bad = try UserRecord.whole(2)
            bad.id = "nobody"
            bad.externalID = "\u{1}"
            bad.state = .locked
            bad.identifiers.append(.init(kind: .email, value: "nope"))
            bad.identifiers.append(.init(kind: nil, value: "x"))
            bad.profile = try JSONParser.parse(Array(#"{"town":3,"nosuch":1}"#.utf8))
            bad.roles = [.init(name: "")]
            bad.handle = [1]
            bad.externalLogins[0].subject = "ada@exämple"
            bad.passkeys[0].publicKey = [1]
            bad.passkeys[0].relyingPartyID = "example.net"
            bad.secrets.password = .init(record: SecretBytes(copying: Array("$1$plain".utf8)))
            bad.secrets.totpDevices[0].parameters = nil
            bad.secrets.recoveryCodes[0].pepperKeyID = 99
            let results = try await world.load([try UserRecord.whole(1), bad, try UserRecord.whole(3)])
            #expect(results.map(\.outcome.isFailure) == [false, true, false])
            let fields = Set(results[1].outcome.problems.map(\.field))
            let wanted: Set<String> = [
                "id", "external_id", "locked_until", "identifiers[3].value", "identifiers[4].kind", "profile.town",
                "profile.nosuch", "roles[0].name", "user_handle", "external_logins[0].subject",
                "passkeys[0].public_key", "passkeys[0].relying_party_id", "secrets.password.record",
                "secrets.totp_devices[0]",
                "secrets.recovery_codes[0].pepper_key_id",
            ]
            #expect(fields == wanted)
            #expect(try await world.number("SELECT COUNT(*) FROM users") == 2)
            #expect(try await world.number("SELECT COUNT(*) FROM passkeys") == 2)
        }
    }

    @Test func `what another user has fails its row alone, whatever table tells it`() async throws {
        try await withCore({ $0.takeImports() }) { world in
            try await world.prepareForWhole()
            _ = try await world.load([try UserRecord.whole(1)])
            let taken: [(String, (inout UserRecord) throws -> Void)] = [
                ("identifiers[0].value", { $0.identifiers[0].value = "ADA1@example.com" }),
                ("external_id", { $0.externalID = "old-1" }),
                ("profile", { $0.profile = try JSONParser.parse(Array(#"{"badge":"b1"}"#.utf8)) }),
                ("user_handle", { $0.handle = [UInt8](repeating: 1, count: 64) }),
                ("passkeys", { $0.passkeys[0].credentialID = [1, 2, 1] }),
            ]
            for (index, (field, change)) in taken.enumerated() {
                var bad = try UserRecord.whole(10 + index)
                try change(&bad)
                let results = try await world.load([try UserRecord.whole(100 + index), bad])
                #expect(results[0].outcome == .created)
                #expect(results[1].outcome.problems.map(\.field) == [field], "\(results)")
            }
            #expect(try await world.number("SELECT COUNT(*) FROM users") == 6)
            #expect(try await world.number("SELECT COUNT(*) FROM user_identifiers") == 18)
        }
    }

    @Test func `rows of one batch that want the same are told apart`() async throws {
        try await withCore { world in
            let records = [
                userRecord("a@example.com"), userRecord("b@example.com"),
                userRecord("A@example.com") { $0.externalID = "x" }, userRecord("c@example.com"),
            ]
            for isDryRun in [true, false] {
                let results = try await world.load(records, ImportOptions(isDryRun: isDryRun))
                #expect(results.map(\.outcome.isFailure) == [false, false, true, false])
                #expect(results[2].outcome.problems.map(\.reason) == [.identifierTaken])
                #expect(try await world.number("SELECT COUNT(*) FROM users") == (isDryRun ? 0 : 3))
                #expect(try await world.events(.userImported) == (isDryRun ? 0 : 3))
            }
        }
    }

    @Test func `a dry run remembers over its batches what rows want`() async throws {
        try await withCore { world in
            let context = world.caller(["users.import"])
            let run = try world.core.imports.begin(ImportOptions(isDryRun: true), context)
            let first = try await run.write(world.rows([userRecord("a@example.com")]), context)
            let second = try await run.write(world.rows([userRecord("a@example.com")]), context)
            #expect(first.map(\.outcome) == [.created] && first[0].user == nil)
            #expect(second.map(\.outcome.isFailure) == [true])
        }
    }

    @Test func `the same rows again change nothing, and other rows go by the rule for conflicts`() async throws {
        try await withCore { world in
            try await world.put(try attribute("town", .string))
            let town = try JSONParser.parse(Array(#"{"town":"Bern"}"#.utf8))
            let record = userRecord("a@example.com") { ($0.externalID, $0.profile) = ("one", town) }
            let user = try #require(try await world.load([record]).first?.user)
            for conflict in ImportOptions.Conflict.allCases {
                let again = try await world.load([record], ImportOptions(conflict: conflict))
                #expect(again.map(\.outcome) == [.unchanged] && again[0].user == user)
            }
            let other = userRecord("new@example.com") { $0.externalID = "one" }
            let failed = try await world.load([other])
            #expect(failed[0].outcome.problems.map(\.field) == ["external_id"])
            let skipped = try await world.load([other], ImportOptions(conflict: .skip))
            #expect(skipped.map(\.outcome) == [.skipped] && skipped[0].user == user)
            let written = try await world.load([other], ImportOptions(conflict: .overwrite))
            #expect(written.map(\.outcome) == [.overwritten] && written[0].user == user)
            let found = try await world.core.users.get(user, world.system)
            #expect(found.identifiers.map(\.value) == ["new@example.com"] && found.revision == 2)
            // Nothing is replaced by omission.
            #expect(try await world.core.profiles.get(user, world.system).text == #"{"town":"Bern"}"#)
            // What was changed since is overwritten again by an equal row.
            _ = try await world.core.users.update(user, UserChanges(externalID: "two"), world.system)
            let back = try await world.load(
                [userRecord("new@example.com") { $0.externalID = "one" }],
                ImportOptions(conflict: .overwrite)
            )
            #expect(back.map(\.outcome) == [.overwritten])
            #expect(try await world.core.users.get(user, world.system).externalID == "one")
        }
    }

    @Test func `the revision of a profile goes on with an import, and never back`() async throws {
        try await withCore { world in
            try await world.put(try attribute("town", .string))
            let overwrite = ImportOptions(conflict: .overwrite)
            func load(_ profile: String?, revision: UInt64 = 0) async throws -> UInt64 {
                let values = try profile.map { try JSONParser.parse(Array($0.utf8)) }
                let record = userRecord("a@example.com") {
                    ($0.profile, $0.profileRevision) = (values, revision)
                    $0.stateReason = "row \(profile ?? "-") \(revision)"
                }
                let results = try await world.load([record], overwrite)
                let user = try #require(results.first?.user, "\(results)")
                return try await world.core.profiles.get(user, world.system).revision
            }
            #expect(try await load(nil) == 0)
            #expect(try await load(#"{"town":"Bern"}"#) == 1)
            #expect(try await load(#"{"town":"Basel"}"#) == 2)
            #expect(try await load(#"{"town":"Chur"}"#, revision: 1) == 3)
            #expect(try await load(#"{"town":"Genf"}"#, revision: 40) == 40)
            #expect(try await load("{}") == 41)
            #expect(try await load(nil) == 41)
            #expect(try await load(#"{"town":"Zug"}"#) == 42)
        }
    }

    @Test func `an equal row is known again, though it tells nothing of the profile that the user has`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.set(#"{"name":"Ada"}"#, of: user)
            let overwrite = ImportOptions(conflict: .overwrite)
            let record = userRecord("a@example.com") { $0.externalID = "one" }
            #expect(try await world.load([record], overwrite).map(\.outcome) == [.overwritten])
            #expect(try await world.load([record], overwrite).map(\.outcome) == [.unchanged])
            try await world.set(#"{"name":"Ada L."}"#, of: user)
            #expect(try await world.load([record], overwrite).map(\.outcome) == [.overwritten])
            #expect(try await world.load([record], overwrite).map(\.outcome) == [.unchanged])
        }
    }

    @Test func `a user who was locked when he was deleted is locked again until then, wherever he was moved`()
        async throws
    {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com").id
            let end = world.clock.now() + .seconds(86_400 * 30)
            _ = try await world.core.users.lock(user, until: end, reason: "", world.system)
            _ = try await world.core.users.delete(user, world.system)
            let exported = try await world.export()
            try await world.run("DELETE FROM users")
            #expect(try await world.load(exported).map(\.outcome) == [.created])
            let back = try await world.core.users.undelete(user, world.system)
            #expect(back.state == .locked && back.lockedUntil == end)
            var endless = try #require(exported.first)
            endless.lockedUntil = nil
            let refused = try await world.load([endless], ImportOptions(conflict: .overwrite))
            #expect(refused[0].outcome.problems.map(\.field) == ["locked_until"])
        }
    }

    @Test func `a domain that is none fails its row, where passkeys are off, too`() async throws {
        try await withCore({
            $0.takeImports()
            $0.passkeys.relyingParty = nil
        }) { world in
            try await world.prepareForWhole()
            var (empty, long) = (try UserRecord.whole(1), try UserRecord.whole(2))
            empty.passkeys[0].relyingPartyID = ""
            long.passkeys[0].relyingPartyID = String(repeating: "a", count: 254)
            let results = try await world.load([empty, try UserRecord.whole(3), long])
            #expect(results.map(\.outcome.isFailure) == [true, false, true])
            for result in [results[0], results[2]] {
                #expect(result.outcome.problems.map(\.field) == ["passkeys[0].relying_party_id"])
            }
        }
    }

    @Test func `a value that no check found too long fails its row alone`() async throws {
        try await withCore({ $0.takeImports() }) { world in
            try await world.prepareForWhole()
            // Not in a transaction, which it would end.
            try Connection.openAny(world.configuration).execute(
                text: "ALTER TABLE passkeys MODIFY name VARCHAR(5) NOT NULL"
            )
            var long = try UserRecord.whole(2)
            long.passkeys[0].name = "Longer"
            let results = try await world.load([try UserRecord.whole(1), long, try UserRecord.whole(3)])
            #expect(results.map(\.outcome.isFailure) == [false, true, false])
            #expect(results[1].outcome.problems.map(\.reason) == [.fieldTooLong])
            #expect(try await world.number("SELECT COUNT(*) FROM users") == 2)
        }
    }

    @Test func `two rows that name one user by different things are written one after the other`() async throws {
        try await withCore { world in
            let whole = userRecord("a@example.com") { $0.externalID = "one" }
            let user = try #require(try await world.load([whole]).first?.user)
            var byExternalID = UserRecord()
            (byExternalID.externalID, byExternalID.stateReason) = ("one", "first")
            let byName = userRecord("A@example.com") { $0.stateReason = "second" }
            let overwrite = ImportOptions(conflict: .overwrite)
            let results = try await world.load([byExternalID, byName], overwrite)
            #expect(results.map(\.outcome) == [.overwritten, .overwritten])
            let found = try await world.core.users.get(user, world.system)
            #expect(found.revision == 3 && found.stateReason == "second" && found.externalID == "one")
            #expect(found.identifiers.map(\.value) == ["a@example.com"])
            #expect(try await world.events(.userImported) == 3)
        }
    }

    @Test func `a row whose names belong to two users is nobody's`() async throws {
        try await withCore { world in
            _ = try await world.load([userRecord("a@example.com"), userRecord("b@example.com")])
            let both = userRecord("a@example.com") {
                $0.identifiers.append(.init(kind: .email, value: "b@example.com"))
            }
            let results = try await world.load([both], ImportOptions(conflict: .overwrite))
            #expect(results[0].outcome.problems.map(\.reason) == [.identifierTaken])
        }
    }
}

extension ImportResult.Outcome {
    var isFailure: Bool { !problems.isEmpty }

    var problems: [FlowError.FieldProblem] {
        if case .failed(let problems) = self { problems } else { [] }
    }
}

extension CoreWorld {
    /// Everybody, with secrets.
    func export() async throws -> [UserRecord] {
        var records: [UserRecord] = []
        for batch in try await exportWhole() { if case .users(let users) = batch { records += users } }
        return records
    }

    /// Everything, in the order in which it is sent.
    func exportWhole() async throws -> [ExportBatch] {
        var batches: [ExportBatch] = []
        try await core.exports.all(withSecrets: true, after: nil, caller(["*"])) { batches.append($0) }
        return batches
    }
}
