import Cryptography
import MariaDB
import Testing

@testable import Identity

/// PRODUCT section 2: a state other than active ends sessions at once and stops every method, and says who brought it.
struct UserLockTests {
    private let ada = "ada@example.com"

    @Test func `a locked user is out until the time is over or the lock is taken off`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada)
        let user = session.session.userID
        let until = world.clock.now() + .seconds(3600)
        let locked = try await world.core.users.lock(user, until: until, reason: "stolen", world.administrator)
        #expect(locked.state == .locked && locked.stateReason == "stolen" && locked.lockedUntil == until)
        #expect(locked.stateChange?.actor == .server && locked.stateChange?.changedAt == world.clock.now())
        await expectRefusal(.sessionInvalid) {
            try await world.core.sessions.validate(token: session.token, world.browser())
        }
        world.clock.advance(.seconds(61))
        let started = try await world.begin(ada)
        let code = try #require(try await world.code(to: ada))
        #expect(try await world.submit(code, started.handle).shape == .ended)
        let free = try await world.core.users.unlock(user, expectedRevision: 2, world.administrator)
        #expect(free.state == .active && free.stateReason.isEmpty && free.lockedUntil == nil)
        world.clock.advance(.seconds(3600))
        #expect(try await world.signInCompletely(ada).session.userID == user)
        let again = try await world.core.users.unlock(user, world.administrator)
        #expect(again.revision == free.revision)
        #expect(try await world.number("SELECT COUNT(*) FROM audit_events WHERE kind = 'user.unlocked'") == 1)
        let told = try await world.notices(to: ada)
        #expect(told.contains("Your account was locked at Gatehouse"))
        #expect(told.contains("Your account was unlocked at Gatehouse"))
    }

    @Test func `a lock names who made it, and is gone with its time`() async throws {
        let world = try await SignInWorld()
        let user = try await world.makeUser(ada)
        let desk = ServiceAccountID.make(at: world.clock.now(), random: SystemRandom())
        let until = world.clock.now() + .seconds(60)
        let locked = try await world.core.users.lock(user, until: until, reason: "", world.application(desk))
        #expect(locked.stateChange?.actor == .serviceAccount && locked.stateChange?.actorID == desk.bytes)
        #expect(try await world.core.users.get(user, world.administrator) == locked)
        world.clock.advance(.seconds(60))
        let free = try await world.core.users.get(user, world.administrator)
        #expect(free.state == .active && free.stateChange == nil)
    }

    @Test func `what is no lock cannot be taken off, and no lock begins in the past`() async throws {
        let world = try await SignInWorld()
        let user = try await world.makeUser(ada)
        let refusal = await expectRefusal(.fieldInvalid) {
            try await world.core.users.lock(user, until: world.clock.now(), reason: "", world.administrator)
        }
        guard case .invalidInput(let problems) = refusal?.code else { throw Unexpected(outcome: "\(refusal as Any)") }
        #expect(problems.map(\.field) == ["locked_until"])
        _ = try await world.core.users.disable(user, reason: "left", world.administrator)
        await expectRefusal(.userStateUnsuitable) { try await world.core.users.unlock(user, world.administrator) }
        let enabled = try await world.core.users.enable(user, world.administrator)
        #expect(enabled.state == .active && enabled.stateChange != nil)
        await expectRefusal(.notFound) { try await world.core.users.unlock(.zero, world.administrator) }
        let person = world.person(try await world.signInCompletely(ada).session)
        await expectRefusal(.permissionMissing) { try await world.core.users.unlock(user, person) }
    }

    @Test func `no state but active lets any method, address or link in`() async throws {
        for state in [UserState.disabled, .locked, .pendingDeletion] {
            let world = try await SignInWorld()
            let app = try await world.enrolledApp(ada)
            let user = app.session.userID
            let fresh = world.person(try await world.fresh(app.session, kind: .possession))
            let claim = try await world.core.identifiers.begin(.email, "new@example.com", fresh)
            let claimCode = try await world.claimCode(to: "new@example.com")
            switch state {
            case .disabled: _ = try await world.core.users.disable(user, reason: "", world.administrator)
            case .locked:
                let until = world.clock.now() + .seconds(86_400)
                _ = try await world.core.users.lock(user, until: until, reason: "", world.administrator)
            case .pendingDeletion, .active: _ = try await world.core.users.delete(user, world.administrator)
            }
            #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
            #expect(try await world.number("SELECT COUNT(*) FROM devices") == 0)
            #expect(try await world.number("SELECT COUNT(*) FROM identifier_claims") == 0)
            await expectRefusal(.userStateUnsuitable) {
                try await world.core.identifiers.confirm(claim.id, code: claimCode, fresh)
            }
            await expectRefusal(.userStateUnsuitable) {
                try await world.core.identifiers.begin(.email, "x@example.com", fresh)
            }
            await expectRefusal(.userStateUnsuitable) { try await world.core.totp.begin(name: "x", fresh) }
            world.clock.advance(.seconds(120))
            let (_, outcome) = try await world.proveAddress(ada)
            #expect(outcome.shape == .ended, "\(state)")
        }
    }
}
