import Cryptography
import MariaDB
import Testing

@testable import Identity

/// What requests, roles and groups demand of sign-ins (PRODUCT section 6), and that it holds at once (SECURITY ADM-08).
@Suite struct DemandTests {
    private let address = "ada@example.com"

    @Test func `what a proof reaches, and what could be reached`() {
        func factors(_ proofs: (SignInMethodName, FactorKind)...) -> [Factor] {
            proofs.map { Factor(method: $0.0, kind: $0.1, provedAt: Timestamp(microsecondsSinceEpoch: 0)) }
        }
        let rows: [([Factor], AssuranceDemand)] = [
            (factors(), .nothing), (factors((.emailCode, .address)), .nothing),
            (factors((.emailCode, .address), (.totp, .possession)), .nothing),
            (factors((.password, .knowledge), (.totp, .possession)), .aal2),
            (factors((.emailCode, .address), (.passkey, .possession)), .nothing),
            (factors((.password, .knowledge), (.passkey, .possession)), .passkey),
            (factors((.passkey, .multiple)), .passkey),
        ]
        for (proofs, most) in rows {
            for demand in [AssuranceDemand.nothing, .aal2, .passkey] {
                #expect(demand.isMet(by: proofs) == (demand <= most), "\(proofs) \(demand)")
            }
        }
        let password = Enrolment.Password(isLong: true, changedAt: Timestamp(microsecondsSinceEpoch: 0))
        let people: [(Enrolment, AssuranceDemand)] = [
            (.none, .nothing), (Enrolment(methods: [.totp], strongestOther: .possession), .nothing),
            (Enrolment(methods: [], strongestOther: .address, password: password), .nothing),
            (Enrolment(methods: [.totp], strongestOther: .possession, password: password), .aal2),
            (Enrolment(methods: [.passkey], strongestOther: .possession), .nothing),
            (Enrolment(methods: [.passkey], strongestOther: .possession, password: password), .passkey),
            (Enrolment(methods: [.passkey], strongestOther: .multiple), .passkey),
        ]
        for (enrolment, most) in people {
            for demand in [AssuranceDemand.nothing, .aal2, .passkey] {
                #expect(demand.isWithinReach(of: enrolment) == (demand <= most), "\(enrolment) \(demand)")
            }
        }
    }

    @Test func `whoever lacks what a role demands is let in to set it up, and to nothing else`() async throws {
        let world = try await SignInWorld.withPasskeys()
        let user = try await world.makeUser(address)
        try await world.giveRole(demanding: .aal2, to: user)
        let signedIn = try await world.signInCompletely(address)
        #expect(signedIn.session.isRestricted && signedIn.session.level == .aal1)
        #expect(signedIn.reasons == [.noSecondFactor, .demandedFactorMissing])
        await expectRefusal(.sessionRestricted) {
            try await world.core.sessions.validate(token: signedIn.token, world.administrator)
        }
        await expectRefusal(.sessionRestricted) {
            try await world.core.users.get(user, world.person(signedIn.session))
        }
        var client = try PasskeyClient()
        let options = try await world.core.passkeys.beginRegistration(world.person(signedIn.session))
        let response = try client.register(options)
        _ = try await world.core.passkeys.finishRegistration(response, name: "Key", world.person(signedIn.session))
        world.clock.advance(.seconds(60))
        // An address alone no longer opens anything, since the level can be reached now.
        #expect(try await world.proveAddress(address).outcome.shape == .proceed)
        let strong = try await world.signIn(with: &client)
        guard case .signedIn(let signed) = strong else { throw Unexpected(outcome: "\(strong)") }
        #expect(signed.session.level == .aal2 && !signed.session.isRestricted)
    }

    @Test func `a role that reaches through groups demands, until it ends`() async throws {
        let world = try await SignInWorld()
        let user = try await world.makeUser(address)
        let (upper, lower) = (try await world.group("upper"), try await world.group("lower"))
        try await world.core.membership.nest(GroupEdge(parent: upper, child: lower), world.administrator)
        _ = try await world.core.membership.add(user, to: lower, world.administrator)
        let role = try await world.role(demanding: .aal2)
        let end = world.clock.now() + .seconds(600)
        let terms = AssignmentTerms(expiresAt: end)
        _ = try await world.core.membership.give(role, to: upper, on: terms, world.administrator)
        #expect(try await world.signInCompletely(address).session.isRestricted)
        world.clock.advance(.seconds(600))
        #expect(try await !world.signInCompletely(address).session.isRestricted)
        _ = try await world.core.groups.update(upper, CollectiveChanges(demand: .aal2), world.administrator)
        world.clock.advance(.seconds(600))
        #expect(try await world.signInCompletely(address).session.isRestricted)
    }

    @Test func `both factors are asked for where a role demands them`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.userWithPassword(address)
        try await world.enrolAnother(in: try await world.fresh(session, kind: .knowledge))
        world.clock.advance(.seconds(3600))
        try await world.giveRole(demanding: .aal2, to: session.userID)
        let outcome = try await world.proveAddress(address).outcome
        guard case .proceed(let view) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(view.reasons == [.roleDemandsLevel, .secondFactorEnrolled] && view.steps.contains(.totp))
        #expect(!view.steps.contains(.password))
        let byPassword = try await world.tryPassword(SignInWorld.password, of: address)
        #expect(byPassword.outcome.shape == .proceed)
    }

    @Test func `a remembered device stands in for nothing that a role demands`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp(address)
        try await world.giveRole(demanding: .aal2, to: app.session.userID)
        let started = try await world.proveAddress(address)
        #expect(started.outcome.shape == .proceed)
        let proved = try await world.signIn.submitTOTP(started.handle, code: app.code(world), world.browser())
        guard case .signedIn(let signedIn) = proved else { throw Unexpected(outcome: "\(proved)") }
        // An address and an app are one factor; a password or a verifying passkey is still to be set up.
        #expect(signedIn.session.isRestricted && signedIn.reasons == [.secondFactorProved, .demandedFactorMissing])
    }

    @Test func `a request or a role that demands a passkey takes nothing less`() async throws {
        var passwords = IdentityPolicy()
        try passwords.takePasswords()
        let rules = passwords.passwords
        let world = try await SignInWorld.withPasskeys { $0.passwords = rules }
        var made = try await world.passkeyOfNewUser(address)
        let strong = try await world.fresh(made.session, kind: .multiple)
        try await world.core.passwords.set(
            SecretBytes(utf8: SignInWorld.password),
            current: nil,
            world.person(strong)
        )
        world.clock.advance(.seconds(3600))
        #expect(
            try await world.tryPassword(SignInWorld.password, of: address, wanting: .passkey).outcome.shape == .proceed
        )
        guard case .signedIn(let byKey) = try await world.signIn(with: &made.client) else {
            throw Unexpected(outcome: "no sign-in")
        }
        #expect(byKey.session.level == .aal2)
        try await world.giveRole(demanding: .passkey, to: made.session.userID)
        #expect(try await world.live(byKey))
        guard case .proceed(let view) = try await world.tryPassword(SignInWorld.password, of: address).outcome else {
            throw Unexpected(outcome: "let in")
        }
        #expect(view.reasons.contains(.roleDemandsLevel) && view.steps.contains(.passkey))
    }

    @Test func `sessions below a demand end when it comes to reach them`() async throws {
        let world = try await SignInWorld()
        let user = try await world.makeUser(address)
        let (upper, lower) = (try await world.group("upper"), try await world.group("lower"))
        let membership = world.core.membership
        let role = try await world.role(demanding: .aal2)
        let plain = try await world.core.roles.create(name: "plain", world.administrator).id
        let undo: [() async throws -> Void] = [
            { try await membership.take(role, from: user, world.administrator) },
            {
                _ = try await world.core.roles.update(plain, CollectiveChanges(demand: .nothing), world.administrator)
                try await membership.take(plain, from: user, world.administrator)
            },
            { try await membership.remove(user, from: lower, world.administrator) },
            {
                try await membership.unnest(GroupEdge(parent: upper, child: lower), world.administrator)
                try await membership.remove(user, from: lower, world.administrator)
            },
            {
                try await membership.take(role, from: lower, world.administrator)
                try await membership.remove(user, from: lower, world.administrator)
            },
        ]
        let acts: [(String, prepare: () async throws -> Void, act: () async throws -> Void)] = [
            ("a role is given", {}, { _ = try await membership.give(role, to: user, world.administrator) }),
            (
                "a role comes to demand", { _ = try await membership.give(plain, to: user, world.administrator) },
                {
                    let changes = CollectiveChanges(demand: .aal2)
                    _ = try await world.core.roles.update(plain, changes, world.administrator)
                }
            ),
            (
                "a member is added",
                { _ = try await membership.give(role, to: upper, world.administrator) },
                {
                    try await membership.nest(GroupEdge(parent: upper, child: lower), world.administrator)
                    _ = try await membership.add(user, to: lower, world.administrator)
                }
            ),
            (
                "a group is nested",
                {
                    try await membership.unnest(GroupEdge(parent: upper, child: lower), world.administrator)
                    _ = try await membership.add(user, to: lower, world.administrator)
                },
                { try await membership.nest(GroupEdge(parent: upper, child: lower), world.administrator) }
            ),
            (
                "a group is given a role", { _ = try await membership.add(user, to: lower, world.administrator) },
                { _ = try await membership.give(role, to: lower, world.administrator) }
            ),
        ]
        for ((name, prepare, act), undo) in zip(acts, undo) {
            try await prepare()
            world.clock.advance(.seconds(3600))
            let weak = try await world.signInCompletely(address)
            let strong = try await world.signInCompletely(address)
            let id = "UNHEX(REPLACE('\(strong.session.id)', '-', ''))"
            try world.run("UPDATE sessions SET assurance_level = 2 WHERE id = \(id)")
            #expect(!weak.session.isRestricted, "\(name)")
            try await act()
            #expect(try await !world.live(weak), "\(name)")
            #expect(try await world.live(strong), "\(name)")
            world.clock.advance(.seconds(3600))
            #expect(try await world.signInCompletely(address).session.isRestricted, "\(name)")
            try await undo()
        }
    }

    @Test func `a recovery code opens what repairs, whatever is demanded`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp(address)
        let strong = try await world.fresh(app.session, kind: .possession)
        let codes = try await world.core.recoveryCodes.generate(world.person(strong))
        try await world.giveRole(demanding: .passkey, to: app.session.userID)
        world.clock.advance(.seconds(3600))
        let flow = try await world.proveAddress(address)
        let code = try #require(codes.first)
        let outcome = try await world.signIn.submitRecoveryCode(flow.handle, code: code, world.browser())
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(signedIn.session.isRestricted && signedIn.reasons == [.recoveryCodeProved])
    }
}

extension SignInWorld {
    fileprivate func role(demanding demand: AssuranceDemand) async throws -> RoleID {
        try await core.roles.create(name: "demanding", demand: demand, administrator).id
    }

    func giveRole(demanding demand: AssuranceDemand, to user: UserID) async throws {
        _ = try await core.membership.give(role(demanding: demand), to: user, administrator)
    }

    fileprivate func group(_ name: String) async throws -> GroupID {
        try await core.groups.create(name: name, administrator).id
    }

    /// Whether a session is there, restricted or not.
    fileprivate func live(_ signedIn: SignedIn) async throws -> Bool {
        do {
            _ = try await core.sessions.validate(token: signedIn.token, administrator)
            return true
        } catch let refusal where refusal.reason == .sessionInvalid {
            return false
        }
    }
}
