import Cryptography
import MariaDB
import Testing

@testable import Identity

/// Two accounts of one person become one (PRODUCT section 2).
struct MergeTests {
    private let ada = "ada@example.com"
    private let old = "ada@old.example"

    @Test func `the target has what both had, and the source is erased`() async throws {
        let world = try await SignInWorld()
        let target = try await world.makeUser(ada)
        let app = try await world.enrolledApp(old)
        let source = app.session.userID
        _ = try await world.core.identifiers.setUsername("lovelace", of: source, world.administrator)
        _ = try await world.core.users.update(source, UserChanges(externalID: .some("old-1")), world.administrator)
        let user = try await world.core.users.merge(source, into: target, MergeChoices(), world.administrator)
        #expect(user.id == target && user.names == ["\(ada)*", old, "lovelace*"] && user.externalID == "old-1")
        await expectRefusal(.notFound) { try await world.core.users.get(source, world.administrator) }
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
        #expect(try await world.notices(to: old).contains("Two of your accounts were merged at Gatehouse"))
        #expect(try await world.notices(to: ada).contains("Two of your accounts were merged at Gatehouse"))
        let hex = "UNHEX(REPLACE('\(source)', '-', ''))"
        let pointer = "kind = 'user.merged' AND subject_user_id = \(hex) AND details LIKE '%\(target)%'"
        #expect(try await world.number("SELECT COUNT(*) FROM audit_events WHERE \(pointer)") == 1)
        // The app asks for the second factor of the one account now, and its secret opens there.
        world.clock.advance(.seconds(3600))
        let (handle, outcome) = try await world.proveAddress(ada)
        #expect(outcome.shape == .proceed)
        let proved = try await world.signIn.submitTOTP(handle, code: app.code(world), world.browser())
        guard case .signedIn(let signedIn) = proved else { throw Unexpected(outcome: "\(proved)") }
        #expect(signedIn.session.userID == target)
    }

    @Test func `where both have what only one can, it is chosen`() async throws {
        let world = try await SignInWorld()
        let (source, target) = (try await world.makeUser(old), try await world.makeUser(ada))
        for (user, word) in [(source, "one"), (target, "two")] {
            _ = try await world.core.identifiers.setUsername(word, of: user, world.administrator)
            _ = try await world.core.users.update(user, UserChanges(externalID: .some(word)), world.administrator)
        }
        let refusal = await expectRefusal(.fieldRequired) {
            try await world.core.users.merge(source, into: target, MergeChoices(), world.administrator)
        }
        guard case .invalidInput(let problems) = refusal?.code else { throw Unexpected(outcome: "\(refusal as Any)") }
        #expect(problems.map(\.field) == ["external_id", "username"])
        #expect(try await world.number("SELECT COUNT(*) FROM users") == 2)
        let choices = MergeChoices(externalID: .source, username: .target)
        let user = try await world.core.users.merge(source, into: target, choices, world.administrator)
        #expect(user.externalID == "one" && user.names == ["\(ada)*", old, "two*"])
    }

    @Test func `a source's user name is taken where it is chosen`() async throws {
        let world = try await SignInWorld()
        let (source, target) = (try await world.makeUser(old), try await world.makeUser(ada))
        for (user, word) in [(source, "one"), (target, "two")] {
            _ = try await world.core.identifiers.setUsername(word, of: user, world.administrator)
        }
        let choices = MergeChoices(username: .source)
        let user = try await world.core.users.merge(source, into: target, choices, world.administrator)
        #expect(user.names == ["\(ada)*", old, "one*"])
    }

    @Test func `a profile goes over whole, or the chosen one of two stays`() async throws {
        let world = try await SignInWorld()
        let (source, target) = (try await world.makeUser(old), try await world.makeUser(ada))
        let profiles = world.core.profiles
        _ = try await profiles.update(source, try changes(#"{"name":"Countess"}"#), world.administrator)
        let first = try await world.core.users.merge(source, into: target, MergeChoices(), world.administrator)
        #expect(try await profiles.get(first.id, world.administrator).text == #"{"name":"Countess"}"#)
        let third = try await world.makeUser("third@example.com")
        _ = try await profiles.update(third, try changes(#"{"given_name":"Ada"}"#), world.administrator)
        let refusal = await expectRefusal(.fieldRequired) {
            try await world.core.users.merge(third, into: target, MergeChoices(), world.administrator)
        }
        #expect(refusal?.fields == ["profile field.required"])
        let choices = MergeChoices(profile: .source)
        _ = try await world.core.users.merge(third, into: target, choices, world.administrator)
        #expect(try await profiles.get(target, world.administrator).text == #"{"given_name":"Ada"}"#)
        #expect(try await world.core.users.export(target, world.administrator).contains("\"given_name\" : \"Ada\""))
        #expect(try await world.number("SELECT COUNT(*) FROM profiles") == 1)
    }

    @Test func `the revision of a profile that goes over is beyond that of both`() async throws {
        let world = try await SignInWorld()
        let (source, target) = (try await world.makeUser(old), try await world.makeUser(ada))
        let profiles = world.core.profiles
        for name in ["A", "B", "C"] {
            _ = try await profiles.update(target, try changes("{\"name\":\"\(name)\"}"), world.administrator)
        }
        _ = try await profiles.update(source, try changes(#"{"name":"D"}"#), world.administrator)
        _ = try await world.core.users.merge(source, into: target, MergeChoices(profile: .source), world.administrator)
        let merged = try await profiles.get(target, world.administrator)
        #expect(merged.text == #"{"name":"D"}"# && merged.revision == 4)
        let third = try await world.makeUser("third@example.com")
        _ = try await world.core.users.merge(target, into: third, MergeChoices(), world.administrator)
        #expect(try await profiles.get(third, world.administrator).revision == 5)
    }

    @Test func `what is over for the target does not stand in the way of what the source has`() async throws {
        let world = try await SignInWorld()
        let (source, target) = (try await world.makeUser(old), try await world.makeUser(ada))
        let membership = world.core.membership
        let role = try await world.core.roles.create(name: "r", world.administrator).id
        let group = try await world.core.groups.create(name: "g", world.administrator).id
        let soon = AssignmentTerms(expiresAt: world.clock.now() + .seconds(60))
        for (user, terms) in [(source, AssignmentTerms()), (target, soon)] {
            _ = try await membership.give(role, to: user, on: terms, world.administrator)
            _ = try await membership.add(user, to: group, on: terms, world.administrator)
        }
        world.clock.advance(.seconds(61))
        #expect(try await !membership.holds(target, role, world.administrator))
        _ = try await world.core.users.merge(source, into: target, MergeChoices(), world.administrator)
        #expect(try await membership.holds(target, role, world.administrator))
        #expect(try await world.number("SELECT COUNT(*) FROM group_members WHERE expires_at IS NULL") == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM user_roles") == 1)
    }

    @Test func `nobody merges with himself, with nobody, with who is shut out, or past a change`() async throws {
        let world = try await SignInWorld()
        let (source, target) = (try await world.makeUser(old), try await world.makeUser(ada))
        let merge = { (from: UserID, into: UserID, revisions: (UInt64?, UInt64?)) in
            try await world.core.users.merge(
                from,
                into: into,
                MergeChoices(),
                expectedSourceRevision: revisions.0,
                expectedTargetRevision: revisions.1,
                world.administrator
            )
        }
        await expectRefusal(.fieldInvalid) { try await merge(target, target, (nil, nil)) }
        await expectRefusal(.notFound) { try await merge(.zero, target, (nil, nil)) }
        await expectRefusal(.revisionConflict) { try await merge(source, target, (2, nil)) }
        await expectRefusal(.revisionConflict) { try await merge(source, target, (nil, 7)) }
        _ = try await world.core.users.disable(source, reason: "", world.administrator)
        await expectRefusal(.userStateUnsuitable) { try await merge(source, target, (nil, nil)) }
        let person = world.person(try await world.signInCompletely(ada).session)
        await expectRefusal(.permissionMissing) {
            try await world.core.users.merge(source, into: target, MergeChoices(), person)
        }
        #expect(try await world.number("SELECT COUNT(*) FROM users") == 2)
    }

    @Test func `of merges in both directions at once, one is done`() async throws {
        let world = try await SignInWorld(lanes: 8)
        let (one, two) = (try await world.makeUser(old), try await world.makeUser(ada))
        let results = await withTaskGroup(of: Result<User, FlowError>.self) { group in
            for (from, into) in [(one, two), (two, one), (one, two), (two, one)] {
                group.addTask {
                    await attempt {
                        try await world.core.users.merge(from, into: into, MergeChoices(), world.administrator)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.compactMap(\.value).count == 1)
        #expect(results.compactMap(\.refusal?.reason) == [ReasonID](repeating: .notFound, count: 3))
        #expect(try await world.number("SELECT COUNT(*) FROM users") == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM user_identifiers") == 2)
    }
}
