import JSON
import MariaDB
import Testing

@testable import Identity

/// What a token issuer is told of users (PRODUCT section 7).
@Suite struct ClaimTests {
    private let address = "ada@example.com"

    @Test func `scopes give the claims that belong to them, and nothing else`() async throws {
        try await withCore { world in
            let user = try await world.makeUser(address)
            _ = try await world.core.identifiers.setUsername("lovelace", of: user.id, world.caller(["users.*"]))
            try await world.change(ProfileSchemaChange(addStandard: ["address"]))
            try await world.put(
                try attribute("badge", .integer) { $0.claimScopes = ["staff", "gate"] },
                try attribute("languages", .string) {
                    $0.isMulti = true
                    $0.claimScopes = ["staff"]
                },
                try attribute("note", .string)
            )
            try await world.set(
                #"{"name":"Ada","badge":7,"languages":["en","fr"],"note":"x","address":{"country":"GB","locality":"London"}}"#,
                of: user
            )
            #expect(try await world.claims(user, []) == #"{"sub":"\#(user.id)"}"#)
            #expect(try await world.claims(user, ["openid", "nothing"]) == #"{"sub":"\#(user.id)"}"#)
            #expect(
                try await world.claims(user, ["email", "phone"])
                    == #"{"email":"ada@example.com","email_verified":false,"sub":"\#(user.id)"}"#
            )
            #expect(
                try await world.claims(user, ["staff", "gate", "address"])
                    == #"{"address":{"country":"GB","locality":"London"},"badge":7,"languages":["en","fr"],"sub":"\#(user.id)"}"#
            )
            let profile = try await world.claims(user, ["profile"])
            let seconds = world.clock.now().microsecondsSinceEpoch / 1_000_000
            #expect(
                profile
                    == #"{"name":"Ada","preferred_username":"lovelace","sub":"\#(user.id)","updated_at":\#(seconds)}"#
            )
        }
    }

    @Test func `claims by name come beside those of scopes, and none that no scope gives`() async throws {
        try await withCore { world in
            let user = try await world.makeUser(address)
            try await world.put(
                try attribute("badge", .integer) { $0.claimScopes = ["staff"] },
                try attribute("note", .string),
                try attribute("secret", .string) {
                    $0.readers = .hidden
                    $0.writers = .hidden
                    $0.claimScopes = ["staff"]
                }
            )
            try await world.set(#"{"badge":7,"note":"x","secret":"s","name":"Ada"}"#, of: user, world.system)
            let wanted = ["badge", "note", "secret", "email_verified", "password", "sid", "sub"]
            #expect(
                try await world.claims(user, [], names: wanted)
                    == #"{"badge":7,"email_verified":false,"sub":"\#(user.id)"}"#
            )
            #expect(try await world.claims(user, ["staff"]) == #"{"badge":7,"sub":"\#(user.id)"}"#)
        }
    }

    @Test func `roles and groups are told each once, by whatever ways`() async throws {
        try await withCore { world in
            let user = try await world.makeUser(address)
            let (roles, groups, membership) = (world.core.roles, world.core.groups, world.core.membership)
            let editor = try await roles.create(name: "editor", world.system).id
            let admin = try await roles.create(name: "Admin \"x\"", world.system).id
            let upper = try await groups.create(name: "Company", world.system).id
            let lower = try await groups.create(name: "Staff", world.system).id
            try await membership.nest(GroupEdge(parent: upper, child: lower), world.system)
            let end = world.clock.now() + .seconds(60)
            _ = try await membership.add(user.id, to: lower, world.system)
            _ = try await membership.add(user.id, to: upper, world.system)
            _ = try await membership.give(editor, to: user.id, world.system)
            _ = try await membership.give(editor, to: upper, world.system)
            _ = try await membership.give(editor, to: lower, world.system)
            _ = try await membership.give(admin, to: upper, on: AssignmentTerms(expiresAt: end), world.system)
            #expect(
                try await world.claims(user, ["roles"], names: ["groups"])
                    == #"{"groups":["Company","Staff"],"roles":["Admin \"x\"","editor"],"sub":"\#(user.id)"}"#
            )
            #expect(try await world.claims(user, ["openid", "profile"]).contains("roles") == false)
            world.clock.advance(.seconds(60))
            #expect(try await world.claims(user, ["roles"]) == #"{"roles":["editor"],"sub":"\#(user.id)"}"#)
            let nobody = try await world.makeUser("b@example.com")
            #expect(try await world.claims(nobody, ["roles"]) == #"{"roles":[],"sub":"\#(nobody.id)"}"#)
        }
    }

    @Test func `more roles than a token takes are refused, not cut`() async throws {
        try await withCore { world in
            let user = try await world.makeUser(address)
            try await world.run(
                """
                INSERT INTO roles (id, name, canonical_name, assurance_demand, revision, created_at, updated_at)
                SELECT UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('n', seq), CONCAT('n', seq), 0, 1, NOW(6), NOW(6)
                FROM seq_1_to_1001
                """
            )
            try await world.run(
                """
                INSERT INTO user_roles (user_id, role_id, may_grant, assigned_at, assigned_by_kind)
                SELECT u.id, r.id, FALSE, NOW(6), 3 FROM users u, roles r
                """
            )
            await expectRefusal(.claimsTooMany) { try await world.claims(user, ["roles"]) }
            try await world.run("DELETE FROM roles LIMIT 1")
            #expect(try await world.claims(user, ["roles"]).contains(#""n500""#))
        }
    }

    @Test func `no attribute can take the name of a claim that others rely on`() async throws {
        try await withCore { world in
            for code in [
                "sub", "roles", "groups", "amr", "acr", "auth_time", "sid", "email_verified", "Roles", "updated_at",
            ] {
                let shadow = try attribute(code, .string) { $0.claimScopes = ["openid"] }
                await expectRefusal(.attributeCodeReserved) { try await world.put(shadow) }
            }
        }
        // ADM-10: not even a schema that never passed the rules shadows one.
        let document = try ProfileDocument(stored: #"{"roles":"admin","note":"x"}"#)
        let attributes = try ["roles", "note"].map { try attribute($0, .string) { $0.claimScopes = ["openid"] } }
        let schema = ProfileSchema(version: 2, attributes: attributes, nextNumber: 3)
        let wanted = WantedClaims(ClaimsRequest(user: .zero, scopes: ["openid"]))
        #expect(ProfileClaims(document: document, schema: schema).claims(wanted) == [Claim("note", .string("x"))])
    }

    @Test func `a session adds when and how the person proved who they are`() async throws {
        let world = try await SignInWorld()
        let signedIn = try await world.signInCompletely(address).session
        let user = signedIn.userID
        let began = world.clock.now().microsecondsSinceEpoch / 1_000_000
        let claims = try await world.claims(user, session: signedIn.id)
        #expect(
            claims.object
                == #"{"acr":"aal1","amr":["otp"],"auth_time":\#(began),"sid":"\#(signedIn.id)","sub":"\#(user)"}"#
        )
        world.clock.advance(.seconds(60))
        _ = try await world.fresh(signedIn, kind: .possession)
        let later = try await world.claims(user, session: signedIn.id)
        #expect(later.first { $0.name == "auth_time" }?.value == .number(String(began + 60)))
    }

    @Test func `a weaker proof later makes no strong sign-in look fresh`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp(address)
        world.clock.advance(.seconds(60))
        try world.run("UPDATE sessions SET assurance_level = 2")
        _ = try await world.fresh(app.session, kind: .address)
        let claims = try await world.claims(app.session.userID, session: app.session.id)
        let began = app.session.createdAt.microsecondsSinceEpoch / 1_000_000
        #expect(claims.first { $0.name == "acr" }?.value == .string("aal2"))
        #expect(claims.first { $0.name == "auth_time" }?.value == .number(String(began)))
    }

    @Test func `there are no claims for whom no token may be issued`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(address).session
        let other = try await world.signInCompletely("eve@example.com").session
        let user = session.userID
        #expect(try await world.activity(user, session.id) == .active)
        for wrong in [other.id, .zero] {
            await expectRefusal(.claimsSessionOver) { try await world.claims(user, session: wrong) }
            #expect(try await world.activity(user, wrong) == .sessionOver)
        }
        try world.run("UPDATE sessions SET is_restricted = 1")
        await expectRefusal(.claimsSessionOver) { try await world.claims(user, session: session.id) }
        try world.run("UPDATE sessions SET is_restricted = 0")
        world.clock.advance(.seconds(366 * 86_400))
        await expectRefusal(.claimsSessionOver) { try await world.claims(user, session: session.id) }
        #expect(try await world.activity(user, nil) == .active)
        await expectRefusal(.notFound) { try await world.claims(.zero, session: nil) }
        #expect(try await world.activity(.zero, session.id) == .userUnknown)
    }

    @Test func `users in any other state than active have none`() async throws {
        let world = try await SignInWorld()
        let user = try await world.signInCompletely(address).session.userID
        let states: [(UserState, Activity)] = [
            (.disabled, .userDisabled), (.locked, .userLocked), (.pendingDeletion, .userDeleted),
        ]
        for (state, activity) in states {
            try world.run("UPDATE users SET state = \(state.rawValue), locked_until = created_at + INTERVAL 60 SECOND")
            #expect(try await world.activity(user, nil) == activity)
            await expectRefusal(.claimsUserInactive) { try await world.claims(user, session: nil) }
        }
        try world.run("UPDATE users SET state = \(UserState.locked.rawValue)")
        world.clock.advance(.seconds(61))
        #expect(try await world.activity(user, nil) == .active)
    }

    @Test func `whoever may not ask is told nothing`() async throws {
        try await withCore { world in
            let user = try await world.makeUser(address)
            for caller in [
                world.caller(["users.*", "profiles.*"]), world.person(try await world.makeSession(of: user.id).session),
            ] {
                await expectRefusal(.permissionMissing) {
                    try await world.core.claims.claims(ClaimsRequest(user: user.id), caller)
                }
                await expectRefusal(.permissionMissing) {
                    try await world.core.claims.activity(of: user.id, session: nil, caller)
                }
            }
        }
    }

    @Test func `what is no scope is refused by its place`() async throws {
        try await withCore { world in
            let user = try await world.makeUser(address)
            for bad in ["", "a b", "é", #"""#, "\u{0}", String(repeating: "a", count: 101)] {
                let refusal = await expectRefusal(.fieldInvalid) { try await world.claims(user, ["openid", bad]) }
                #expect(refusal?.fields == ["scopes[1] field.invalid"])
                let second = await expectRefusal(.fieldInvalid) { try await world.claims(user, [], names: [bad]) }
                #expect(second?.fields == ["claims[0] field.invalid"])
            }
            let many = (0...ClaimsRequest.maximumCount).map { "s\($0)" }
            await expectRefusal(.fieldTooLong) { try await world.claims(user, many) }
        }
    }
}

extension CoreWorld {
    /// The claims of a user as one JSON object.
    func claims(_ user: User, _ scopes: [String], names: [String] = []) async throws -> String {
        let request = ClaimsRequest(user: user.id, scopes: scopes, names: names)
        return try await core.claims.claims(request, caller(["claims.read"])).object
    }
}

extension SignInWorld {
    fileprivate func claims(_ user: UserID, session: SessionID?) async throws -> [Claim] {
        try await core.claims.claims(ClaimsRequest(user: user, session: session), issuer)
    }

    fileprivate func activity(_ user: UserID, _ session: SessionID?) async throws -> Activity {
        try await core.claims.activity(of: user, session: session, issuer)
    }

    private var issuer: CallContext { .system(deadline: .after(.seconds(600))) }
}

extension [Claim] {
    /// One JSON object.
    fileprivate var object: String { JSONValue.object(map { .init(name: $0.name, value: $0.value) }).text }
}
