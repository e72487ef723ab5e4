import Cryptography
import Mail
import MariaDB
import Testing

@testable import Identity

/// SECURITY REC-04, REC-05, EN-01: adding and replacing an address by its owner.
struct IdentifierClaimTests {
    private let ada = "ada@example.com"
    private let new = "Ada@New.example"

    @Test func `a new address counts once its code came back, and the old one is told`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        let person = world.person(session)
        let claim = try await world.core.identifiers.begin(.email, new, person)
        #expect(claim.codeLength == 8 && claim.value == new)
        #expect(try await world.core.users.get(session.userID, person).names == ["\(ada)*"])
        let code = try await world.claimCode(to: new)
        #expect(try await world.core.identifiers.confirm(claim.id, code: SecretBytes(utf8: "AAAA-AAAA"), person) == nil)
        let user = try #require(try await world.core.identifiers.confirm(claim.id, code: code, person))
        #expect(user.names == ["\(ada)*", new] && user.revision == 2)
        #expect(user.identifiers.allSatisfy { $0.verifiedAt != nil })
        await expectRefusal(.notFound) { try await world.core.identifiers.confirm(claim.id, code: code, person) }
        #expect(try await world.notices(to: ada).contains("An address was added to your account at Gatehouse"))
        #expect(try await world.notices(to: new) == [])
        world.clock.advance(.seconds(3600))
        #expect(try await world.signInCompletely(new).session.userID == session.userID)
    }

    @Test func `an address takes the place of another at once, and the old one can sign in until then`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        let person = world.person(session)
        let old = try await world.identifier(ada, of: session.userID)
        let claim = try await world.core.identifiers.begin(.email, new, replacing: old, person)
        let code = try await world.claimCode(to: new)
        world.clock.advance(.seconds(61))
        #expect(try await world.signInCompletely(ada).session.userID == session.userID)
        let user = try #require(try await world.core.identifiers.confirm(claim.id, code: code, person))
        #expect(user.names == ["\(new)*"])
        #expect(try await world.notices(to: ada).contains("An address of your account was replaced at Gatehouse"))
        world.clock.advance(.seconds(3600))
        #expect(try await world.signInCompletely(ada).session.userID != session.userID)
    }

    @Test func `a code for one address proves no other, nor the same of another person`() async throws {
        let world = try await SignInWorld()
        let person = world.person(try await world.signInCompletely(ada).session)
        let eve = world.person(try await world.signInCompletely("eve@example.com").session)
        let first = try await world.core.identifiers.begin(.email, "b@example.com", person)
        let code = try await world.claimCode(to: "b@example.com")
        let second = try await world.core.identifiers.begin(.email, "c@example.com", person)
        await expectRefusal(.notFound) { try await world.core.identifiers.confirm(first.id, code: code, person) }
        #expect(try await world.core.identifiers.confirm(second.id, code: code, person) == nil)
        world.clock.advance(.seconds(61))
        let other = try await world.core.identifiers.begin(.email, "b@example.com", eve)
        #expect(try await world.core.identifiers.confirm(other.id, code: code, eve) == nil)
        await expectRefusal(.notFound) { try await world.core.identifiers.confirm(second.id, code: code, eve) }
    }

    @Test func `whether somebody has an address is told to that address alone`() async throws {
        let world = try await SignInWorld()
        _ = try await world.makeUser("bob@example.com")
        let person = world.person(try await world.signInCompletely(ada).session)
        var shapes: [[String]] = []
        for address in ["bob@example.com", "nobody@example.com"] {
            let claim = try await world.core.identifiers.begin(.email, address, person)
            let wait = claim.resendAt - world.clock.now()
            shapes.append(["\(claim.codeLength)", "\(wait)", "\(claim.expiresAt - world.clock.now())"])
            #expect(try await world.number("SELECT COUNT(*) FROM identifier_claims") == 1)
        }
        #expect(shapes[0] == shapes[1])
        await world.worker.deliverDue()
        let texts = ["bob@example.com", "nobody@example.com"].map { world.post.messages(to: $0).last?.text ?? "" }
        #expect(texts[0].contains("belongs to an account") && !texts[1].contains("belongs to an account"))
        let claim = try await world.core.identifiers.begin(.email, "bob@example.com", person)
        #expect(claim.resendAt > world.clock.now())
    }

    @Test func `an address that another proved first stays theirs`() async throws {
        let world = try await SignInWorld()
        let person = world.person(try await world.signInCompletely(ada).session)
        let claim = try await world.core.identifiers.begin(.email, "bob@example.com", person)
        let code = try await world.claimCode(to: "bob@example.com")
        world.clock.advance(.seconds(61))
        let bob = try await world.signInCompletely("bob@example.com").session.userID
        let refusal = await expectRefusal(.identifierTaken) {
            try await world.core.identifiers.confirm(claim.id, code: code, person)
        }
        #expect(refusal?.field == "claim_id")
        await expectRefusal(.notFound) { try await world.core.identifiers.confirm(claim.id, code: code, person) }
        #expect(try await world.core.users.get(bob, world.administrator).names == ["bob@example.com*"])
    }

    @Test func `an address that an administrator put in is verified by its owner's proof alone`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        let added = try await world.core.identifiers.add(.email, new, to: session.userID, world.administrator)
        #expect(added.identifiers.first { $0.value == new }?.verifiedAt == nil)
        let user = try await world.add(new, world.person(session))
        #expect(user.names == ["\(ada)*", new] && user.identifiers.allSatisfy { $0.verifiedAt != nil })
        await expectRefusal(.fieldInvalid) {
            try await world.core.identifiers.begin(.email, ada, world.person(session))
        }
    }

    @Test func `an address that is proved in its own place stays`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        _ = try await world.core.identifiers.add(.email, new, to: session.userID, world.administrator)
        let id = try await world.identifier(new, of: session.userID)
        let claim = try await world.core.identifiers.begin(.email, new, replacing: id, world.person(session))
        #expect(claim.replaced == nil)
        // A claim from before says it still.
        try world.run("UPDATE identifier_claims SET replaces_id = UNHEX('\(Hex.encode(id.bytes))')")
        let code = try await world.claimCode(to: new)
        let proved = try await world.core.identifiers.confirm(claim.id, code: code, world.person(session))
        let user = try #require(proved)
        #expect(user.names == ["\(ada)*", new] && user.identifiers.allSatisfy { $0.verifiedAt != nil })
        #expect(try await world.core.users.get(session.userID, world.administrator).names == user.names)
    }

    @Test func `a claim needs a fresh proof by the strongest factor, and runs out`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        let person = world.person(session)
        let claim = try await world.core.identifiers.begin(.email, new, person)
        let code = try await world.claimCode(to: new)
        world.clock.advance(.seconds(900))
        await expectRefusal(.notFound) { try await world.core.identifiers.confirm(claim.id, code: code, person) }
        await expectRefusal(.stepUpRequired) { try await world.core.identifiers.begin(.email, new, person) }
        await expectRefusal(.credentialsMissing) {
            try await world.core.identifiers.begin(.email, new, world.browser())
        }
        await expectRefusal(.permissionMissing) {
            try await world.core.identifiers.begin(.email, new, world.administrator)
        }
        let app = try await world.enrolledApp("bob@example.com")
        let weak = try await world.fresh(app.session, kind: .address)
        await expectRefusal(.stepUpRequired) { try await world.core.identifiers.begin(.email, new, world.person(weak)) }
    }

    @Test func `what is no address, a telephone and a user name are refused by name`() async throws {
        let world = try await SignInWorld()
        let person = world.person(try await world.signInCompletely(ada).session)
        let cases: [(IdentifierKind, String, ReasonID)] = [
            (.email, "a@b@c", .emailInvalid), (.email, "victim@x.example,evil@y.example", .emailInvalid),
            (.phone, "+436601234567", .phoneUndeliverable), (.username, "ada", .fieldInvalid),
        ]
        for (kind, value, reason) in cases {
            await expectRefusal(reason) { try await world.core.identifiers.begin(kind, value, person) }
        }
        await expectRefusal(.notFound) {
            try await world.core.identifiers.begin(.email, new, replacing: IdentifierID.zero, person)
        }
        #expect(try await world.number("SELECT COUNT(*) FROM identifier_claims") == 0)
    }

    @Test func `codes are counted before they are checked, and are good for four tries`() async throws {
        let world = try await SignInWorld()
        let person = world.person(try await world.signInCompletely(ada).session)
        let claim = try await world.core.identifiers.begin(.email, new, person)
        let code = try await world.claimCode(to: new)
        for _ in 0..<4 {
            let wrong = SecretBytes(utf8: "AAAA-AAAA")
            #expect(try await world.core.identifiers.confirm(claim.id, code: wrong, person) == nil)
        }
        #expect(try await world.core.identifiers.confirm(claim.id, code: code, person) == nil)
        await expectRefusal(.throttled) { try await world.core.identifiers.confirm(claim.id, code: code, person) }
    }

    @Test func `another code makes the one before void, and not too early`() async throws {
        let world = try await SignInWorld()
        let person = world.person(try await world.signInCompletely(ada).session)
        let claim = try await world.core.identifiers.begin(.email, new, person)
        let first = try await world.claimCode(to: new)
        await expectRefusal(.throttled) { try await world.core.identifiers.sendAgain(claim.id, person) }
        world.clock.advance(.seconds(61))
        let again = try await world.core.identifiers.sendAgain(claim.id, person)
        #expect(again.id == claim.id && again.resendAt > claim.resendAt)
        let second = try await world.claimCode(to: new)
        #expect(try await world.core.identifiers.confirm(claim.id, code: first, person) == nil)
        #expect(try await world.core.identifiers.confirm(claim.id, code: second, person)?.names.count == 2)
    }

    @Test func `a call with a key has a single effect, and its answer goes with the person`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        var person = world.person(session)
        let claim = try await world.core.identifiers.begin(.email, new, person)
        let code = try await world.claimCode(to: new)
        person.idempotency = IdempotencyKey(
            key: Array("k".utf8),
            method: "Test/Confirm",
            bodyHash: [UInt8](repeating: 1, count: 32)
        )
        let first = try await world.core.identifiers.confirm(claim.id, code: code, person)
        let again = try await world.core.identifiers.confirm(claim.id, code: code, person)
        #expect(first != nil && first == again)
        _ = try await world.core.users.delete(session.userID, immediately: true, world.administrator)
        #expect(try await world.number("SELECT COUNT(*) FROM idempotency_keys WHERE answer <> ''") == 0)
    }

    @Test func `whoever is disabled has no claim any more`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        _ = try await world.core.identifiers.begin(.email, new, world.person(session))
        _ = try await world.core.users.disable(session.userID, reason: "", world.administrator)
        #expect(try await world.number("SELECT COUNT(*) FROM identifier_claims") == 0)
        #expect(try await world.number("SELECT COUNT(*) FROM one_time_codes WHERE purpose = 2") == 0)
    }
}
