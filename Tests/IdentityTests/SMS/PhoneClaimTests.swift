import Cryptography
import Mail
import MariaDB
import Testing

@testable import Identity

/// A person adds a telephone number: a code to it proves it (SECURITY REC-04, OTP-09).
@Suite struct PhoneClaimTests {
    private static func person(_ signedIn: SignedIn) -> CallContext {
        var context = CallContext(
            actor: .user(signedIn.session, via: nil),
            source: SourceAddress("192.0.2.1"),
            requestID: "r",
            deadline: .after(.seconds(600))
        )
        context.languages = "en"
        return context
    }

    @Test func `a number is the person's once its code comes back, and signs in from then on`() async throws {
        let world = try await SignInWorld.withSMS()
        let person = Self.person(try await world.signInCompletely("a@example.com"))
        let identifiers = world.core.identifiers
        let claim = try await identifiers.begin(.phone, "+49 151 2345678", person)
        #expect(claim.codeLength == 6 && claim.kind == .phone)
        let code = try #require(try await world.smsCode(to: "+491512345678"))
        #expect(world.phones.messages.last?.text.contains("adding this number") == true)
        let wrong = SecretBytes(utf8: code == "000000" ? "000001" : "000000")
        #expect(try await identifiers.confirm(claim.id, code: wrong, person) == nil)
        let user = try #require(try await identifiers.confirm(claim.id, code: SecretBytes(utf8: code), person))
        let phone = try #require(user.identifiers.first { $0.kind == .phone })
        #expect(phone.verifiedAt != nil && phone.isPrimary && phone.value == "+49 151 2345678")
        #expect(try await world.notices(to: "a@example.com").contains { $0.contains("address") })
        world.clock.advance(.seconds(120))
        let started = try await world.begin("+491512345678")
        let next = try #require(try await world.smsCode(to: "+491512345678"))
        #expect(try await world.submit(next, started.handle).shape == .signedIn)
    }

    /// SECURITY EN-01: whose number it is, is told to that number alone.
    @Test func `a number of somebody else is claimed alike, and not given`() async throws {
        let world = try await SignInWorld.withSMS()
        _ = try await world.makeUser("b@example.com", phone: "+491512345678")
        let person = Self.person(try await world.signInCompletely("a@example.com"))
        let identifiers = world.core.identifiers
        let claim = try await identifiers.begin(.phone, "+491512345678", person)
        let code = try #require(try await world.smsCode(to: "+491512345678"))
        #expect(world.phones.messages.last?.text.contains("another account has it") == true)
        await expectRefusal(.identifierTaken) {
            try await identifiers.confirm(claim.id, code: SecretBytes(utf8: code), person)
        }
    }

    @Test func `off, or to a country that is not served, no number can be proved`() async throws {
        let world = try await SignInWorld()
        let person = Self.person(try await world.signInCompletely("a@example.com"))
        await expectRefusal(.phoneUndeliverable) {
            try await world.core.identifiers.begin(.phone, "+491512345678", person)
        }
        let limited = try await SignInWorld.withSMS { $0.sms.callingCodes = ["49", "33"] }
        let other = Self.person(try await limited.signInCompletely("a@example.com"))
        await expectRefusal(.phoneUndeliverable) {
            try await limited.core.identifiers.begin(.phone, "+12025550100", other)
        }
    }

    @Test func `a person's claims of many numbers are bounded`() async throws {
        let world = try await SignInWorld.withSMS()
        let person = Self.person(try await world.signInCompletely("a@example.com"))
        var begun = 0
        for index in 0..<30 {
            do throws(FlowError) {
                _ = try await world.core.identifiers.begin(.phone, "+4915\(index % 10)23456\(10 + index)", person)
                begun += 1
            } catch {
                guard case .throttled = error.code else { throw error }
            }
        }
        #expect(begun == 8)
    }

    /// SECURITY REC-04: of the loss of a number it is told itself, and who reads the account's mail can call it back.
    @Test func `a number that is removed is told, and comes back by the link in the mail`() async throws {
        let world = try await SignInWorld.withSMS()
        let signedIn = try await world.signInCompletely("a@example.com")
        let user = try await Self.provePhone(signedIn, in: world)
        let phone = try await world.identifier(Self.number, of: user)
        _ = try await world.core.identifiers.remove(phone, of: user, Self.person(signedIn))
        let told = await world.smsNotices(to: Self.number)
        #expect(told.count == 1 && told.allSatisfy { $0.hasPrefix("An address of your account was removed") })
        #expect(told.allSatisfy { !$0.contains("token") })
        let undo = try await world.linkSecret(to: "a@example.com")
        try await world.core.identifiers.undo(undo, world.browser())
        let back = try await world.core.users.get(user, world.administrator)
        #expect(back.names == ["a@example.com*", "\(Self.number)*"])
        #expect(back.identifiers.allSatisfy { $0.verifiedAt != nil })
        #expect(await world.smsNotices(to: Self.number).last?.contains("taken back") == true)
    }

    @Test func `a number that another takes the place of is told, and comes back by the link in the mail`() async throws
    {
        let world = try await SignInWorld.withSMS()
        let signedIn = try await world.signInCompletely("a@example.com")
        let user = try await Self.provePhone(signedIn, in: world)
        let old = try await world.identifier(Self.number, of: user)
        try await Self.claim("+33612345678", replacing: old, Self.person(signedIn), in: world)
        let told = await world.smsNotices(to: Self.number)
        #expect(told.count == 1 && told.allSatisfy { $0.hasPrefix("An address of your account was replaced") })
        #expect(await world.smsNotices(to: "+33612345678") == [])
        let undo = try await world.linkSecret(to: "a@example.com")
        try await world.core.identifiers.undo(undo, world.browser())
        let back = try await world.core.users.get(user, world.administrator)
        #expect(back.names == ["a@example.com*", "\(Self.number)*"])
    }

    @Test func `who has nothing but a number is told there, and takes changes back from there`() async throws {
        let world = try await SignInWorld.withSMS()
        let signedIn = try await world.signInCompletely("a@example.com")
        let user = try await Self.provePhone(signedIn, in: world)
        let person = Self.person(signedIn)
        let mail = try await world.identifier("a@example.com", of: user)
        _ = try await world.core.identifiers.remove(mail, of: user, person)
        #expect(await world.smsNotices(to: Self.number) == [])
        world.clock.advance(.seconds(1))
        try await Self.claim("+33612345678", person, in: world)
        #expect(await world.smsNotices(to: Self.number).last?.hasPrefix("An address was added") == true)
        let undo = try await world.smsLinkSecret(to: Self.number)
        try await world.core.identifiers.undo(undo, world.browser())
        let back = try await world.core.users.get(user, world.administrator)
        #expect(back.names == ["\(Self.number)*"])
    }

    @Test func `who leaves with nothing but a number takes it back from there`() async throws {
        let world = try await SignInWorld.withSMS()
        let signedIn = try await world.signInCompletely("a@example.com")
        let user = try await Self.provePhone(signedIn, in: world)
        try world.run("DELETE FROM user_identifiers WHERE kind = 1")
        _ = try await world.core.users.leave(Self.person(signedIn))
        let undo = try await world.smsLinkSecret(to: Self.number)
        try await world.core.users.undelete(by: undo, world.browser())
        #expect(try await world.core.users.get(user, world.administrator).state == .active)
    }

    /// SECURITY OTP-08: a person's changes cost no more than a person's codes.
    @Test func `short messages of changes are bounded`() async throws {
        let world = try await SignInWorld.withSMS()
        let signedIn = try await world.signInCompletely("a@example.com")
        let user = try await Self.provePhone(signedIn, in: world)
        try world.run("DELETE FROM user_identifiers WHERE kind = 1")
        let person = Self.person(signedIn)
        for number in 0..<20 { _ = try await world.core.identifiers.setUsername("name\(number)", of: user, person) }
        #expect(await world.smsNotices(to: Self.number).count == 8)
        let name = try await world.identifier("name19", of: user)
        _ = try await world.core.identifiers.remove(name, of: user, person)
        #expect(await world.smsNotices(to: Self.number).count == 8)
    }

    @Test func `without short messages the mail is told of a number all the same`() async throws {
        let world = try await SignInWorld()
        let signedIn = try await world.signInCompletely("a@example.com")
        let user = try await Self.provePhone(signedIn, in: world)
        let phone = try await world.identifier(Self.number, of: user)
        _ = try await world.core.identifiers.remove(phone, of: user, Self.person(signedIn))
        let undo = try await world.linkSecret(to: "a@example.com")
        try await world.core.identifiers.undo(undo, world.browser())
        let back = try await world.core.users.get(user, world.administrator)
        #expect(back.names == ["a@example.com*", "\(Self.number)*"])
        #expect(world.phones.messages.isEmpty)
        #expect(try await world.number("SELECT COUNT(*) FROM outbox WHERE kind = 9") == 0)
    }

    private static let number = "+491512345678"

    /// Gives a person a number that was proved before.
    private static func provePhone(_ signedIn: SignedIn, in world: SignInWorld) async throws -> UserID {
        try world.prove(number, of: signedIn.session.userID)
        // Before whatever is changed in the test.
        try world.run("UPDATE user_identifiers SET verified_at = '2020-01-01'")
        return signedIn.session.userID
    }

    private static func claim(
        _ number: String,
        replacing old: IdentifierID? = nil,
        _ person: CallContext,
        in world: SignInWorld
    ) async throws {
        let claim = try await world.core.identifiers.begin(.phone, number, replacing: old, person)
        let code = try #require(try await world.smsCode(to: number))
        let user = try await world.core.identifiers.confirm(claim.id, code: SecretBytes(utf8: code), person)
        #expect(user != nil)
    }

    @Test func `the last way in may be a number`() async throws {
        let world = try await SignInWorld.withSMS()
        let signedIn = try await world.signInCompletely("a@example.com")
        try world.prove("+491512345678", of: signedIn.session.userID)
        let person = Self.person(signedIn)
        let user = try await world.core.users.get(signedIn.session.userID, world.administrator)
        let email = try #require(user.identifiers.first { $0.kind == .email })
        let phone = try #require(user.identifiers.first { $0.kind == .phone })
        let identifiers = world.core.identifiers
        let left = try await identifiers.remove(email.id, of: user.id, person)
        #expect(left.identifiers.map(\.id) == [phone.id])
        await expectRefusal(.lastWayIn) { try await identifiers.remove(phone.id, of: user.id, person) }
    }
}
