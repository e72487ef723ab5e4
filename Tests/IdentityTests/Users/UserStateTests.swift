import MariaDB
import Testing

@testable import Identity

/// The states of PRODUCT section 2 and SECURITY SE-07.
@Suite(.serialized) struct UserStateTests {
    /// The ways out of being active.
    enum Ending: CaseIterable, Sendable {
        case disable, lock, delete, erase

        func apply(to id: UserID, _ world: CoreWorld) async throws {
            let users = world.core.users
            switch self {
            case .disable: _ = try await users.disable(id, reason: "left", world.system)
            case .lock: _ = try await users.lock(id, until: world.clock.now() + .seconds(60), reason: "", world.system)
            case .delete: _ = try await users.delete(id, immediately: false, world.system)
            case .erase: #expect(try await users.delete(id, immediately: true, world.system) == nil)
            }
        }
    }

    @Test(arguments: Ending.allCases)
    func `a user who stops being active loses sessions, sign-ins under way and codes at once`(ending: Ending)
        async throws
    {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let other = try await world.makeUser("b@example.com")
            let session = try await world.makeSession(of: user.id)
            let kept = try await world.makeSession(of: other.id)
            for address in ["A@Example.com", "b@example.com", "nobody@example.com"] {
                _ = try await world.core.signIn.begin(SignInRequest(identifier: address), world.anonymous())
            }
            try await ending.apply(to: user.id, world)
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: session.token, world.system)
            }
            #expect(try await world.core.sessions.validate(token: kept.token, world.system).userID == other.id)
            for (table, left) in [("sessions", 1), ("sign_in_flows", 2), ("one_time_codes", 2)] {
                #expect(try await world.number("SELECT COUNT(*) FROM \(table)") == left, "\(table)")
            }
        }
    }

    @Test(arguments: Ending.allCases)
    func `a user who is not active gets no session`(ending: Ending) async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await ending.apply(to: user.id, world)
            await expectRefusal(.userStateUnsuitable) { try await world.makeSession(of: user.id) }
            #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
        }
    }

    /// Even a row that some other way set, without ending sessions, stops them.
    @Test(arguments: [2, 3, 4]) func `a session of a user who is not active is refused`(state: Int) async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let session = try await world.makeSession(of: user.id)
            try await world.run("UPDATE users SET state = \(state), locked_until = '2100-01-01'")
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: session.token, world.system)
            }
        }
    }

    @Test func `a lock ends by itself`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let until = world.clock.now() + .seconds(60)
            _ = try await world.core.users.lock(user.id, until: until, reason: "many tries", world.system)
            world.clock.advance(.seconds(59))
            #expect(try await world.core.users.get(user.id, world.system).state == .locked)
            world.clock.advance(.seconds(1))
            let free = try await world.core.users.get(user.id, world.system)
            #expect(free.state == .active && free.lockedUntil == nil && free.stateReason.isEmpty)
            #expect(try await world.core.users.find(by: .email("a@example.com"), world.system).state == .active)
            _ = try await world.makeSession(of: user.id)
            await expectRefusal(.fieldInvalid) {
                try await world.core.users.lock(user.id, until: world.clock.now(), reason: "", world.system)
            }
        }
    }

    @Test func `disable keeps the reason and enable clears it`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let disabled = try await world.core.users.disable(user.id, reason: "left\nthe firm", world.system)
            #expect(disabled.state == .disabled && disabled.stateReason == "left\nthe firm" && disabled.revision == 2)
            #expect(try await world.core.users.disable(user.id, reason: "left\nthe firm", world.system).revision == 2)
            let enabled = try await world.core.users.enable(user.id, expectedRevision: 2, world.system)
            #expect(enabled.state == .active && enabled.stateReason.isEmpty && enabled.revision == 3)
            #expect(try await world.core.users.enable(user.id, world.system).revision == 3)
            for bad in [String(repeating: "x", count: 501), "a\u{0}", "a\u{1B}[31m"] {
                await #expect(throws: FlowError.self) {
                    try await world.core.users.disable(user.id, reason: bad, world.system)
                }
            }
        }
    }

    @Test func `a deletion can be undone until its window closes, back to what was before`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            _ = try await world.core.users.disable(user.id, reason: "r", world.system)
            let deleted = try await world.core.users.delete(user.id, immediately: false, world.system)
            #expect(deleted?.state == .pendingDeletion)
            #expect(deleted?.deleteAfter == world.clock.now() + .seconds(604_800))
            for refused in [
                { (id: UserID) in try await world.core.users.enable(id, world.system) },
                { try await world.core.users.disable($0, reason: "x", world.system) },
                { try await world.core.users.update($0, UserChanges(externalID: .some("x")), world.system) },
            ] {
                await expectRefusal(.userStateUnsuitable) { try await refused(user.id) }
            }
            world.clock.advance(.seconds(604_799))
            let back = try await world.core.users.undelete(user.id, world.system)
            #expect(back.state == .disabled && back.stateReason == "r" && back.deleteAfter == nil)
            await expectRefusal(.userStateUnsuitable) { try await world.core.users.undelete(user.id, world.system) }
            _ = try await world.core.users.delete(user.id, immediately: false, world.system)
            world.clock.advance(.seconds(604_800))
            await expectRefusal(.userStateUnsuitable) { try await world.core.users.undelete(user.id, world.system) }
        }
    }
}
