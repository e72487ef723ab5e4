import Cryptography
import MariaDB
import Testing

@testable import Identity

/// Service accounts, and SECURITY ADM-01, ADM-03, ADM-06.
@Suite(.serialized) struct ServiceAccountTests {
    @Test func `an account is made, read, changed and listed`() async throws {
        try await withCore { world in
            _ = try await world.core.bootstrap.run(world.system)
            world.clock.advance(.seconds(1))
            let accounts = world.core.serviceAccounts
            let made = try await accounts.create(
                name: "  Shop ",
                description: "sells",
                scopes: ["users.read", "users.read"],
                certificateNames: ["b.x", "A.x"],
                world.system
            )
            #expect(
                made.name == "Shop" && made.scopes.names == ["users.read"] && made.certificateNames == ["a.x", "b.x"]
            )
            #expect(try await accounts.get(made.id, world.system) == made)
            world.clock.advance(.seconds(1))
            let changes = ServiceAccountChanges(description: "sells more", certificateNames: ["c.x"])
            let changed = try await accounts.update(made.id, changes, expectedRevision: 1, world.system)
            #expect(changed.revision == 2 && changed.name == "Shop" && changed.certificateNames == ["c.x"])
            #expect(try await accounts.get(made.id, world.system) == changed)
            await expectRefusal(.revisionConflict) {
                try await accounts.update(made.id, changes, expectedRevision: 1, world.system)
            }
            #expect(
                try await accounts.list(PageRequest(), world.system).items.map(\.name) == ["administrator", "Shop"]
            )
            let first = try await accounts.list(PageRequest(size: 1), world.system)
            let second = try await accounts.list(PageRequest(size: 1, token: first.nextPageToken ?? ""), world.system)
            #expect(second.items.map(\.id) == [made.id] && second.nextPageToken == nil)
        }
    }

    @Test func `names and certificate names are unique in any spelling`() async throws {
        try await withCore { world in
            _ = try await world.makeAccount("Shop", scopes: [], certificateNames: ["shop.x"])
            for name in ["shop", "SHOP", " Shop", "Ｓhop"] {
                await expectRefusal(.serviceAccountNameTaken) { try await world.makeAccount(name, scopes: []) }
            }
            let refusal = await expectRefusal(.certificateNameTaken) {
                try await world.makeAccount("till", scopes: [], certificateNames: ["a.x", "SHOP.x"])
            }
            #expect(refusal?.field == "certificate_names[1]")
            for name in ["", "  ", "a\u{0}", "a\nb", "a\u{200B}b", String(repeating: "x", count: 201)] {
                await expectRefusal(.fieldInvalid) { try await world.makeAccount(name, scopes: []) }
            }
            await expectRefusal(.scopeUnknown) { try await world.makeAccount("x", scopes: ["users.fly"]) }
            await expectRefusal(.fieldInvalid) {
                try await world.makeAccount("x", scopes: [], certificateNames: ["*.x"])
            }
            #expect(try await world.number("SELECT COUNT(*) FROM service_accounts") == 1)
        }
    }

    @Test func `two tokens live at a time, and the new one works before the old one goes`() async throws {
        try await withCore { world in
            let (account, first) = try await world.makeAccount("shop", scopes: [])
            let accounts = world.core.serviceAccounts
            let second = try await accounts.createToken(account.id, lifetimeDays: 0, world.system)
            #expect(second.token.expiresAt == world.clock.now() + .seconds(90 * 86_400))
            await expectRefusal(.tooManyTokens) {
                try await accounts.createToken(account.id, lifetimeDays: 1, world.system)
            }
            await expectRefusal(.fieldInvalid) {
                try await accounts.createToken(account.id, lifetimeDays: 367, world.system)
            }
            for secret in [first, second.secret] {
                _ = try await world.core.callers.authenticate(bearer: secret, world.anonymous())
            }
            let known = try await accounts.get(account.id, world.system).tokens
            #expect(known.count == 2)
            try await accounts.revokeToken(account.id, known[0].id, world.system)
            _ = try await accounts.createToken(account.id, lifetimeDays: 1, world.system)
        }
    }

    @Test func `a race for tokens leaves two`() async throws {
        try await withCore(lanes: 8) { world in
            let (account, _) = try await world.makeAccount("shop", scopes: [])
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        _ = try? await world.core.serviceAccounts.createToken(account.id, lifetimeDays: 1, world.system)
                    }
                }
            }
            #expect(try await world.number("SELECT COUNT(*) FROM service_tokens") == 2)
        }
    }

    @Test func `nobody gives, or lays hands on, rights that he does not hold`() async throws {
        try await withCore { world in
            let (root, _) = try await world.core.bootstrap.run(world.system)
            let accounts = world.core.serviceAccounts
            let (clerk, _) = try await world.makeAccount("clerk", scopes: ["service_accounts.*", "users.read"])
            let context = world.caller(["service_accounts.*", "users.read"], id: clerk.id)
            for scopes in [["*"], ["users.*"], ["users.write"], ["sign_in"], ["users.read", "sessions.read"]] {
                await expectRefusal(.scopeNotHeld) {
                    try await accounts.create(
                        name: "new",
                        description: "",
                        scopes: scopes,
                        certificateNames: [],
                        context
                    )
                }
                await expectRefusal(.scopeNotHeld) {
                    try await accounts.update(clerk.id, ServiceAccountChanges(scopes: scopes), context)
                }
            }
            let own = try await accounts.create(
                name: "own",
                description: "",
                scopes: ["users.read"],
                certificateNames: [],
                context
            )
            _ = try await accounts.createToken(own.id, lifetimeDays: 1, context)
            await expectRefusal(.scopeNotHeld) { try await accounts.createToken(root.id, lifetimeDays: 1, context) }
            await expectRefusal(.scopeNotHeld) {
                try await accounts.update(root.id, ServiceAccountChanges(certificateNames: ["mine.x"]), context)
            }
            await expectRefusal(.scopeNotHeld) {
                try await accounts.update(root.id, ServiceAccountChanges(isDisabled: true), context)
            }
            await expectRefusal(.scopeNotHeld) { try await accounts.delete(root.id, context) }
            await expectRefusal(.permissionMissing) { try await accounts.delete(own.id, world.caller(["users.*"])) }
            await expectRefusal(.permissionMissing) { try await accounts.get(root.id, world.caller(["users.*"])) }
            #expect(try await accounts.get(root.id, world.system).isDisabled == false)
        }
    }

    @Test func `the last administrator with a credential stays`() async throws {
        try await withCore { world in
            let (root, secret) = try await world.core.bootstrap.run(world.system)
            let context = try await world.context(bearer: secret)
            let accounts = world.core.serviceAccounts
            let toothless = try await accounts.create(
                name: "second",
                description: "",
                scopes: ["*"],
                certificateNames: [],
                context
            )
            await expectRefusal(.lastAdministrator) { try await accounts.delete(root.id, context) }
            await expectRefusal(.lastAdministrator) {
                try await accounts.update(root.id, ServiceAccountChanges(scopes: ["users.*"]), context)
            }
            await expectRefusal(.lastAdministrator) {
                try await accounts.update(root.id, ServiceAccountChanges(isDisabled: true), context)
            }
            let token = try #require(try await accounts.get(root.id, context).tokens.first)
            await expectRefusal(.lastAdministrator) { try await accounts.revokeToken(root.id, token.id, context) }
            _ = try await accounts.update(toothless.id, ServiceAccountChanges(certificateNames: ["root.x"]), context)
            try await accounts.delete(root.id, context)
            await expectRefusal(.lastAdministrator) { try await accounts.delete(toothless.id, world.system) }
        }
    }

    @Test func `of two administrators who remove each other at once, one stays`() async throws {
        try await withCore(lanes: 8) { world in
            for round in 0..<8 {
                let first = try await world.makeAccount("a\(round)", scopes: ["*"])
                let second = try await world.makeAccount("b\(round)", scopes: ["*"])
                try await world.run(
                    "DELETE FROM service_accounts WHERE name NOT IN ('a\(round)', 'b\(round)')"
                )
                let (one, two) = (
                    try await world.context(bearer: first.secret), try await world.context(bearer: second.secret)
                )
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { try? await world.core.serviceAccounts.delete(second.account.id, one) }
                    group.addTask {
                        let changes = ServiceAccountChanges(isDisabled: true)
                        _ = try? await world.core.serviceAccounts.update(first.account.id, changes, two)
                    }
                }
                let left = try await world.number(
                    "SELECT COUNT(*) FROM service_accounts WHERE scopes = '*' AND NOT is_disabled"
                )
                #expect(left == 1)
            }
        }
    }

    @Test func `the first administrator is made once, also in a race`() async throws {
        try await withCore(lanes: 8) { world in
            let made = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 { group.addTask { (try? await world.core.bootstrap.run(world.system)) != nil } }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(made == 1)
            await expectRefusal(.alreadyBootstrapped) {
                try await world.core.bootstrap.run(name: "other", world.system)
            }
            await expectRefusal(.permissionMissing) { try await world.core.bootstrap.run(world.caller(["*"])) }
            let accounts = try await world.number("SELECT COUNT(*) FROM service_accounts")
            #expect(accounts == 1)
            #expect(try await world.events(.bootstrapped) == 1)
        }
    }
}
