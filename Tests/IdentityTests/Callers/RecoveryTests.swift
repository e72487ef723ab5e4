import MariaDB
import Testing

@testable import Identity

/// An administrator for a database whose administrators have no credential left (SECURITY PW-19, ADM-06).
@Suite(.serialized) struct RecoveryTests {
    @Test func `nothing is recovered while an administrator has a good token`() async throws {
        try await withCore { world in
            _ = try await world.core.bootstrap.run(world.system)
            world.clock.advance(.seconds(90 * 86_400) - .microseconds(1))
            await expectRefusal(.administratorPresent) { try await world.core.bootstrap.recover(world.system) }
            #expect(try await world.number("SELECT COUNT(*) FROM service_accounts") == 1)
            #expect(try await world.events(.administratorRecovered) == 0)
        }
    }

    @Test func `when the last token ran out, a new administrator is made, once`() async throws {
        try await withCore { world in
            let first = try await world.core.bootstrap.run(world.system)
            _ = try await world.makeAccount("shop", scopes: ["users.*"])
            world.clock.advance(.seconds(90 * 86_400))
            await expectRefusal(.alreadyBootstrapped) { try await world.core.bootstrap.run(world.system) }
            let made = try await world.core.bootstrap.recover(world.system)
            #expect(made.account.id != first.account.id && made.account.scopes == .all)
            await expectRefusal(.credentialsInvalid) { try await world.context(bearer: first.secret) }
            let context = try await world.context(bearer: made.secret)
            #expect(try await world.core.serviceAccounts.list(PageRequest(), context).items.count == 3)
            #expect(try await world.core.serviceAccounts.get(first.account.id, context).name == "administrator")
            await expectRefusal(.administratorPresent) { try await world.core.bootstrap.recover(world.system) }
            #expect(try await world.events(.administratorRecovered) == 1)
            // And again, when that one ran out too.
            world.clock.advance(.seconds(90 * 86_400))
            _ = try await world.core.bootstrap.recover(world.system)
        }
    }

    @Test func `a certificate name counts as a credential, a disabled administrator does not`() async throws {
        try await withCore { world in
            let (root, _) = try await world.makeAccount("root", scopes: ["*"], certificateNames: ["root.x"])
            world.clock.advance(.seconds(400 * 86_400))
            await expectRefusal(.administratorPresent) { try await world.core.bootstrap.recover(world.system) }
            try await world.run("UPDATE service_accounts SET is_disabled = TRUE")
            _ = try await world.core.bootstrap.recover(world.system)
            #expect(try await world.core.serviceAccounts.get(root.id, world.system).isDisabled)
        }
    }

    @Test func `only the server itself recovers`() async throws {
        try await withCore { world in
            for context in [world.anonymous(), world.caller(["*"])] {
                await expectRefusal(.permissionMissing) { try await world.core.bootstrap.recover(context) }
            }
            let accounts = try await world.number("SELECT COUNT(*) FROM service_accounts")
            #expect(accounts == 0)
        }
    }

    @Test func `of those who recover and make the first administrator at once, one succeeds`() async throws {
        for _ in 0..<5 {
            try await withCore(lanes: 8) { world in
                let made = await withTaskGroup(of: Bool.self) { group in
                    for turn in 0..<10 {
                        group.addTask {
                            let bootstrap = world.core.bootstrap
                            let made =
                                turn.isMultiple(of: 2)
                                ? try? await bootstrap.recover(world.system) : try? await bootstrap.run(world.system)
                            return made != nil
                        }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                let accounts = try await world.number("SELECT COUNT(*) FROM service_accounts")
                #expect([made, Int(accounts)] == [1, 1])
            }
        }
    }
}
