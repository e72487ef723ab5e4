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
