import Cryptography
import MariaDB
import Testing

@testable import Identity

/// Who may move users, and what nobody may by it (SECURITY PW-15, ADM-01, ADM-03, ADM-09, LOG-01).
@Suite struct TransferRightsTests {
    @Test func `nobody imports or exports without the right to`() async throws {
        try await withCore { world in
            for scopes in [[], ["users.write", "users.read", "membership.write"], ["export.users"]] {
                await expectRefusal(.permissionMissing) {
                    try await world.load([userRecord("a@example.com")], ImportOptions(), world.caller(scopes))
                }
            }
            let user = try await world.makeUser("b@example.com")
            let person = try await world.administrator(user.id)
            await expectRefusal(.permissionMissing) { try world.core.imports.begin(ImportOptions(), person) }
            let lacking: [(scopes: [String], withSecrets: Bool)] = [
                (["users.*"], false), (["users.*"], true), (["export.users"], true), (["export.secrets"], false),
            ]
            for (scopes, withSecrets) in lacking {
                await expectRefusal(.permissionMissing) {
                    try await world.core.exports.all(withSecrets: withSecrets, after: nil, world.caller(scopes)) { _ in
                    }
                }
            }
            #expect(try await world.events(.usersExported) == 0)
            try await world.core.exports.all(withSecrets: false, after: nil, world.caller(["export.users"])) { _ in }
            #expect(try await world.events(.usersExported) == 2)
        }
    }

    @Test func `secrets are only read when they are asked for`() async throws {
        try await withCore({ $0.takeImports() }) { world in
            try await world.prepareForWhole()
            _ = try await world.load([try UserRecord.whole(1)])
            try await world.core.exports.all(withSecrets: false, after: nil, world.caller(["export.users"])) {
                batch in
                guard case .users(let records) = batch else { return }
                #expect(records.count == 1 && records.allSatisfy(\.secrets.isEmpty))
                #expect(records.first?.passkeys.count == 1)
            }
        }
    }

    @Test func `roles and groups are given only by who may give them`() async throws {
        try await withCore({ $0.takeImports() }) { world in
            try await world.prepareForWhole()
            let record = userRecord("a@example.com") { $0.roles = [.init(name: "clerk")] }
            for scopes in [["users.import"], ["users.import", "membership.write"]] {
                let results = try await world.load([record], ImportOptions(), world.caller(scopes))
                #expect(results[0].outcome.isFailure)
            }
            #expect(try await world.events(.accessDenied) == 2)
            #expect(try await world.number("SELECT COUNT(*) FROM users") == 0)
            // Who gave it when is what an administrator says, or it is himself, now.
            _ = try await world.load([record])
            #expect(try await world.number("SELECT COUNT(*) FROM user_roles WHERE assigned_by_kind = 1") == 1)
        }
    }

    @Test func `nobody puts a password or another way in beside those of who signed in before`() async throws {
        try await withCore({ $0.takeImports() }) { world in
            let user = try await world.makeUser("a@example.com")
            _ = try await world.makeSession(of: user.id)
            let record = userRecord("a@example.com") {
                $0.secrets.password = .init(record: SecretBytes(copying: Array(UserRecord.bcrypt.utf8)))
            }
            let overwrite = ImportOptions(conflict: .overwrite)
            let results = try await world.load([record], overwrite)
            #expect(results[0].outcome.problems.map(\.reason) == [.importRefused])
            #expect(try await world.number("SELECT COUNT(*) FROM passwords") == 0)
            // Nor an address: a code to it lets in, too.
            let other = userRecord("a@example.com") {
                $0.identifiers[0].isVerified = true
                $0.identifiers.append(.init(kind: .email, value: "mallory@example.com", verifiedAt: world.clock.now()))
            }
            let named = try await world.load([other], overwrite)
            #expect(named[0].outcome.problems.map(\.reason) == [.importRefused])
            #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 1)
            let harmless = try await world.load([userRecord("A@example.com") { $0.externalID = "x" }], overwrite)
            #expect(harmless.map(\.outcome) == [.overwritten])
            #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
            let kept = try await world.core.users.get(user.id, world.system)
            #expect(kept.identifiers == user.identifiers && kept.externalID == "x")
        }
    }

    @Test func `nobody overwrites a user who has more than he has`() async throws {
        try await withCore({ $0.takeImports() }) { world in
            try await world.prepareForWhole()
            _ = try await world.load([userRecord("a@example.com") { $0.roles = [.init(name: "clerk")] }])
            let results = try await world.load(
                [userRecord("a@example.com") { $0.externalID = "mine" }],
                ImportOptions(conflict: .overwrite),
                world.caller(["users.import"])
            )
            #expect(results[0].outcome.problems.map(\.reason) == [.authorityMissing])
            // LOG-01
            #expect(try await world.events(.accessDenied) == 1)
            let told = "SELECT COUNT(*) FROM audit_events WHERE kind = 'caller.access_denied' AND outcome = 3"
            #expect(
                try await world.number(
                    told + " AND reason = '\(ReasonID.authorityMissing.rawValue)' AND details LIKE '%\"row\":\"1\"%'"
                ) == 1
            )
        }
    }

    @Test func `who put a user into his state is whoever imports him, unless an administrator says otherwise`()
        async throws
    {
        try await withCore { world in
            let forged = StateChange(
                actor: .user,
                actorID: [UInt8](repeating: 9, count: 16),
                changedAt: world.clock.now()
            )
            let lesser = world.caller(["users.import"])
            guard case .serviceAccount(let importer) = lesser.actor else { return }
            let record = userRecord("a@example.com") { ($0.state, $0.stateChange) = (.disabled, forged) }
            let user = try #require(try await world.load([record], ImportOptions(), lesser).first?.user)
            let found = try await world.core.users.get(user, world.system)
            #expect(found.stateChange?.actor == .serviceAccount && found.stateChange?.actorID == importer.id.bytes)
            let active = userRecord("b@example.com") { $0.stateChange = forged }
            let other = try #require(try await world.load([active], ImportOptions(), lesser).first?.user)
            #expect(try await world.core.users.get(other, world.system).stateChange == nil)
            let overwrite = ImportOptions(conflict: .overwrite)
            _ = try await world.load([userRecord("a@example.com") { $0.state = .disabled }], overwrite, lesser)
            let kept = try await world.core.users.get(user, world.system)
            #expect(kept.revision == found.revision + 1 && kept.stateChange == found.stateChange)
            let whole = userRecord("c@example.com") { ($0.state, $0.stateChange) = (.disabled, forged) }
            let third = try #require(try await world.load([whole]).first?.user)
            #expect(try await world.core.users.get(third, world.system).stateChange == forged)
        }
    }

    @Test func `sealed secrets open for their user and under their key only`() throws {
        let seal = try SecretsSeal(key: SecretBytes(copying: [UInt8](repeating: 1, count: 32)))
        let other = try SecretsSeal(key: SecretBytes(copying: [UInt8](repeating: 2, count: 32)))
        let sealed = try seal.seal(SecretBytes(copying: [7, 8, 9]), of: "ada")
        #expect(seal.open(sealed, of: "ada")?.withBytes { Array($0) } == [7, 8, 9])
        #expect(seal.open(sealed, of: "bob") == nil && other.open(sealed, of: "ada") == nil)
        for index in sealed.indices {
            var bent = sealed
            bent[index] ^= 1
            #expect(seal.open(bent, of: "ada") == nil)
        }
        for count in 0..<sealed.count { #expect(seal.open(Array(sealed.prefix(count)), of: "ada") == nil) }
        #expect(throws: FlowError.self) { try SecretsSeal(key: SecretBytes(copying: [1])) }
    }
}
