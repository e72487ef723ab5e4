import Cryptography
import MariaDB
import OneTimePasswords
import Testing

@testable import Identity

/// SECURITY TOTP-07 to TOTP-10: setting an authenticator app up, and removing it.
struct TOTPEnrolmentTests {
    /// SECURITY PW-01: a short password lets nobody in alone.
    @Test func `the app beside a short password is not given up where nothing else lets its owner in`() async throws {
        let world = try await SignInWorld.withPasswords()
        let app = try await world.enrolledApp("ada@example.com")
        try await world.setPassword(of: app)
        try world.run(
            "UPDATE user_identifiers SET kind = 3, value = 'ada', canonical = 'ada', verified_at = NULL"
        )
        try world.run("UPDATE passwords SET is_long = FALSE")
        let strong = world.person(try await world.fresh(app.session, kind: .possession))
        let user = app.session.userID
        await expectRefusal(.lastWayIn) { try await world.core.totp.remove(app.id, of: user, strong) }
        try world.run("UPDATE passwords SET is_long = TRUE")
        try await world.core.totp.remove(app.id, of: user, strong)
    }

    /// SECURITY TOTP-10: else a mailbox would be enough to set up another factor.
    @Test func `what a role demands is not given up by its holder, and by an administrator it is`() async throws {
        let world = try await SignInWorld.withPasswords()
        let app = try await world.enrolledApp("ada@example.com")
        try await world.setPassword(of: app)
        let user = app.session.userID
        try await world.giveRole(demanding: .aal2, to: user)
        let flow = try await world.tryPassword(SignInWorld.password, of: "ada@example.com")
        let code = try app.code(world)
        let outcome = try await world.signIn.submitTOTP(flow.handle, code: code, world.browser())
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        let strong = world.person(signedIn.session)
        await expectRefusal(.demandedFactorMissing) { try await world.core.totp.remove(app.id, of: user, strong) }
        await expectRefusal(.demandedFactorMissing) { try await world.core.passwords.remove(of: user, strong) }
        #expect(try await world.number("SELECT COUNT(*) FROM totp_devices") == 1)
        try await world.core.totp.remove(app.id, of: user, world.administrator)
    }

    private let address = "ada@example.com"

    @Test func `an app counts from its first code on, and its owner is told`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(address).session
        let person = world.person(session)
        let started = try await world.core.totp.begin(name: " Phone ", person)
        #expect(started.device.name == "Phone" && started.secret.count == 32)
        let uri = try #require(started.provisioningURI.validatedUTF8String())
        #expect(uri.hasPrefix("otpauth://totp/Gatehouse:ada%40example.com?secret="))
        #expect(try await world.core.totp.list(session.userID, person).map(\.confirmedAt) == [nil])
        let id = started.device.id
        #expect(try await world.core.totp.confirm(id, code: SecretBytes(utf8: "000000"), person) == false)
        let code = try world.code(of: started.secret)
        #expect(try await world.core.totp.confirm(id, code: code, person))
        await expectRefusal(.notFound) { try await world.core.totp.confirm(id, code: code, person) }
        #expect(try await world.notices(to: address) == ["An authenticator app was set up at Gatehouse"])
        #expect(try await world.core.totp.list(session.userID, person).first?.confirmedAt == world.clock.now())
    }

    /// SECURITY TOTP-02.
    @Test func `ten thousand secrets are of 160 bits, and no two are the same`() async throws {
        let world = try await SignInWorld(lanes: 8) { $0.totp.maximumPerUser = 100 }
        var people: [CallContext] = []
        for number in 0..<100 {
            people.append(world.person(try await world.signInCompletely("user\(number)@example.com").session))
        }
        let secrets = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for person in people {
                group.addTask {
                    var made: [[UInt8]] = []
                    for number in 0..<100 {
                        let begun = try await world.core.totp.begin(name: "Phone \(number)", person)
                        made.append(begun.secret.withBytes { Array($0) })
                    }
                    return made
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        // Base 32 holds five bits in a letter.
        #expect(secrets.count == 10_000 && secrets.allSatisfy { $0.count * 5 == 160 })
        #expect(Set(secrets).count == 10_000)
    }

    @Test func `an enrolment that was never confirmed changes nothing and runs out`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(address).session
        let person = world.person(session)
        let first = try await world.core.totp.begin(name: "one", person)
        let second = try await world.core.totp.begin(name: "two", person)
        let ofFirst = try world.code(of: first.secret)
        #expect(try await world.core.totp.confirm(second.device.id, code: ofFirst, person) == false)
        world.clock.advance(.seconds(600))
        await expectRefusal(.notFound) {
            try await world.core.totp.confirm(first.device.id, code: world.code(of: first.secret), person)
        }
        #expect(try await world.core.totp.list(session.userID, person).isEmpty)
        world.clock.advance(.seconds(3600))
        _ = try await world.signInCompletely(address)
    }

    @Test func `a session that is long unproved sets nothing up`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(address).session
        world.clock.advance(.seconds(601))
        await expectRefusal(.stepUpRequired) {
            try await world.core.totp.begin(name: "Phone", world.person(session))
        }
        await expectRefusal(.credentialsMissing) { try await world.core.totp.begin(name: "Phone", world.browser()) }
        let application = world.application(ServiceAccountID.make(at: world.clock.now(), random: SystemRandom()))
        await expectRefusal(.permissionMissing) { try await world.core.totp.begin(name: "Phone", application) }
    }

    /// SECURITY TOTP-09.
    @Test func `without a proved address nothing is set up`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(address).session
        try world.run("UPDATE user_identifiers SET verified_at = NULL")
        await expectRefusal(.provedAddressNeeded) {
            try await world.core.totp.begin(name: "Phone", world.person(session))
        }
    }

    @Test func `a proof of the address alone neither adds nor removes an app beside one`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp(address)
        var weak = app.session
        world.clock.advance(.seconds(60))
        weak = try await world.fresh(weak, kind: .address)
        await expectRefusal(.stepUpRequired) { try await world.core.totp.begin(name: "x", world.person(weak)) }
        await expectRefusal(.stepUpRequired) {
            try await world.core.totp.remove(app.id, of: weak.userID, world.person(weak))
        }
        let strong = try await world.fresh(weak, kind: .possession)
        try await world.core.totp.remove(app.id, of: strong.userID, world.person(strong))
        #expect(try await world.notices(to: address).contains("An authenticator app was removed at Gatehouse"))
        world.clock.advance(.seconds(3600))
        #expect(try await world.proveAddress(address).outcome.shape == .signedIn)
    }

    @Test func `an administrator helps whoever lost an app, and nobody touches another's`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp(address)
        let eve = try await world.signInCompletely("eve@example.com").session
        await expectRefusal(.notFound) {
            try await world.core.totp.remove(app.id, of: app.session.userID, world.person(eve))
        }
        await expectRefusal(.notFound) {
            try await world.core.totp.remove(app.id, of: eve.userID, world.person(eve))
        }
        await expectRefusal(.notFound) { try await world.core.totp.rename(app.id, to: "x", world.person(eve)) }
        try await world.core.totp.remove(app.id, of: app.session.userID, world.administrator)
        #expect(try await world.core.totp.list(app.session.userID, world.administrator).isEmpty)
    }

    @Test func `a person has ten apps at the most`() async throws {
        let world = try await SignInWorld { $0.totp.maximumPerUser = 2 }
        let person = world.person(try await world.signInCompletely(address).session)
        for _ in 0..<2 { _ = try await world.core.totp.begin(name: "x", person) }
        await expectRefusal(.tooManyAuthenticators) { try await world.core.totp.begin(name: "x", person) }
        world.clock.advance(.seconds(600))
        _ = try await world.core.totp.begin(name: "x", person)
    }

    @Test(arguments: [
        ("", ReasonID.fieldRequired), ("   ", .fieldRequired), ("a\nb", .fieldInvalid), ("\u{202E}x", .fieldInvalid),
        (String(repeating: "x", count: 101), .fieldTooLong),
    ])
    func `a name that cannot be read is refused by its field`(name: String, reason: ReasonID) async throws {
        let world = try await SignInWorld()
        let person = world.person(try await world.signInCompletely(address).session)
        let refusal = await expectRefusal(reason) { try await world.core.totp.begin(name: name, person) }
        guard case .invalidInput(let problems) = refusal?.code else { throw Unexpected(outcome: "\(name)") }
        #expect(problems.map(\.field) == ["name"])
    }

    @Test func `wrong codes at enrolment are counted`() async throws {
        let world = try await SignInWorld()
        let person = world.person(try await world.signInCompletely(address).session)
        let started = try await world.core.totp.begin(name: "x", person)
        for _ in 0..<5 {
            #expect(try await world.core.totp.confirm(started.device.id, code: SecretBytes(utf8: "1"), person) == false)
        }
        await expectRefusal(.throttled) {
            try await world.core.totp.confirm(started.device.id, code: world.code(of: started.secret), person)
        }
    }

    @Test func `a disabled account sets nothing up`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(address).session
        _ = try await world.core.users.disable(session.userID, reason: "", world.administrator)
        await expectRefusal(.userStateUnsuitable) {
            try await world.core.totp.begin(name: "x", world.person(session))
        }
    }
}
