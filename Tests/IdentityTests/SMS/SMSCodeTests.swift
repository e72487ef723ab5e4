import Cryptography
import Mail
import MariaDB
import OneTimePasswords
import Testing

@testable import Identity

/// Signing in by codes that are sent by SMS (SECURITY 1.2).
@Suite struct SMSCodeTests {
    private static let phone = "+49 151 2345678"
    private static let number = "+491512345678"

    @Test func `a code to a proved number signs its owner in, at one factor`() async throws {
        let world = try await SignInWorld.withSMS()
        let user = try await world.makeUser("a@example.com", phone: Self.phone)
        let started = try await world.begin("+49 (151) 234-5678")
        guard case .code(let step) = started.view.steps.first else {
            throw Unexpected(outcome: "\(started.view.steps)")
        }
        #expect(step.length == 6 && step.maskedAddress == "+•••78")
        let code = try #require(try await world.smsCode(to: Self.number))
        #expect(code.utf8.count == 6 && code.utf8.allSatisfy { (0x30...0x39).contains($0) })
        guard case .signedIn(let signedIn) = try await world.submit(code, started.handle) else {
            throw Unexpected(outcome: "refused")
        }
        #expect(signedIn.session.userID == user && signedIn.session.level == .aal1)
        #expect(signedIn.session.methods == ["sms"] && signedIn.session.provedKind == .address)
    }

    /// SECURITY OTP-11.
    @Test func `the message says what it is for and ends with what binds it to the site`() async throws {
        let world = try await SignInWorld.withSMS {
            $0.mail.siteName = "Shop \"\r\n{x}"
            $0.mail.siteURL = "https://id.example.com:8443"
        }
        _ = try await world.makeUser("a@example.com", phone: Self.phone)
        _ = try await world.begin(Self.phone)
        let code = try #require(try await world.smsCode(to: Self.number))
        let text = try #require(world.phones.messages.first?.text)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3 && lines[1].isEmpty && lines[2] == "@id.example.com #\(code)")
        #expect(lines[0].hasPrefix("\(code) is your code for signing in to Shop \"  {x}."))
        #expect(lines[0].contains("never ask") && !text.utf8.contains(0x0D))
    }

    /// SECURITY OTP-01.
    @Test func `codes are six digits, leading zeros kept`() throws {
        let policy = SMSPolicy()
        var counts = [[UInt8: Int]](repeating: [:], count: 6)
        for _ in 0..<20_000 {
            let code = policy.code.alphabet.makeCode(length: policy.code.length, random: SystemRandom())
            #expect(code.count == 6)
            for (place, digit) in code.withBytes({ Array($0) }).enumerated() { counts[place][digit, default: 0] += 1 }
        }
        for place in counts {
            #expect(place.count == 10)
            let chiSquared = place.values.reduce(0.0) { $0 + (Double($1) - 2000) * (Double($1) - 2000) / 2000 }
            // The 99.99 % point of nine degrees of freedom.
            #expect(chiSquared < 33.7)
        }
    }

    /// SECURITY OTP-12.
    @Test func `other digits, signs and lengths are no code, and all count as tries`() async throws {
        let world = try await SignInWorld.withSMS()
        _ = try await world.makeUser("a@example.com", phone: Self.phone)
        for wrong in ["＋12345", "١٢٣٤٥٦", "0%@", "12345\u{301}6"] {
            let started = try await world.begin(Self.phone)
            let code = try #require(try await world.smsCode(to: Self.number))
            #expect(try await world.submit(wrong.replacing("%@", with: code), started.handle).shape == .tryAgain)
            try world.run(
                "UPDATE throttles SET window_count = 0, window_started_at = '2000-01-01', blocked_until = NULL, burst_count = 0"
            )
        }
        let started = try await world.begin(Self.phone)
        let code = try #require(try await world.smsCode(to: Self.number))
        let spaced = " " + code.prefix(3) + "-" + code.dropFirst(3) + " "
        #expect(try await world.submit(spaced, started.handle).shape == .signedIn)
    }

    /// SECURITY OTP-03.
    @Test func `fifty parallel right codes give one session`() async throws {
        let world = try await SignInWorld.withSMS(lanes: 8) {
            $0.throttling.account.limit = 1000
            $0.throttling.account.burst = nil
        }
        _ = try await world.makeUser("a@example.com", phone: Self.phone)
        let before = try await world.number("SELECT COUNT(*) FROM sessions")
        let started = try await world.begin(Self.phone)
        let code = try #require(try await world.smsCode(to: Self.number))
        let wins = try await withThrowingTaskGroup(of: OutcomeShape.self) { group in
            for _ in 0..<50 { group.addTask { try await world.submit(code, started.handle).shape } }
            return try await group.reduce(0) { $0 + ($1 == .signedIn ? 1 : 0) }
        }
        #expect(wins == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == before + 1)
    }

    /// SECURITY OTP-04.
    @Test func `a code dies with its fourth wrong try`() async throws {
        let world = try await SignInWorld.withSMS {
            $0.throttling.account.limit = 1000
            $0.throttling.account.burst = nil
        }
        _ = try await world.makeUser("a@example.com", phone: Self.phone)
        let started = try await world.begin(Self.phone)
        let code = try #require(try await world.smsCode(to: Self.number))
        let wrong = code == "000000" ? "000001" : "000000"
        for _ in 0..<3 { #expect(try await world.submit(wrong, started.handle).shape == .tryAgain) }
        #expect(try await world.submit(wrong, started.handle).shape == .ended)
        #expect(try await world.submit(code, started.handle).shape == .ended)
    }

    /// SECURITY OTP-05.
    @Test func `a code is good in its own flow only, and only as long as the number is its owner's`() async throws {
        let world = try await SignInWorld.withSMS { $0.code.resendInterval = .zero }
        let user = try await world.makeUser("a@example.com", phone: Self.phone)
        let first = try await world.begin(Self.phone)
        let code = try #require(try await world.smsCode(to: Self.number))
        let byMail = try await world.begin("a@example.com")
        #expect(try await world.submit(code, byMail.handle).shape == .tryAgain)
        try world.run("UPDATE user_identifiers SET verified_at = NULL WHERE kind = 2")
        #expect(try await world.submit(code, first.handle).shape == .ended)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions WHERE methods = 'sms'") == 0)
        _ = user
    }

    /// SECURITY OTP-09.
    @Test func `a second factor is still asked for, and a code by SMS is none`() async throws {
        let world = try await SignInWorld.withSMS { $0.administrationDemand = .aal2 }
        let user = try await world.makeUser("a@example.com", phone: Self.phone)
        let role = try await world.core.roles.create(name: "admin", demand: .aal2, world.administrator)
        _ = try await world.core.membership.give(role.id, to: user, world.administrator)
        let started = try await world.begin(Self.phone)
        let code = try #require(try await world.smsCode(to: Self.number))
        guard case .signedIn(let signedIn) = try await world.submit(code, started.handle) else {
            throw Unexpected(outcome: "refused")
        }
        // Let in to set up what is demanded, and to nothing else.
        #expect(signedIn.session.level == .aal1 && signedIn.session.isRestricted)
    }

    @Test func `off, no number begins a sign-in`() async throws {
        let world = try await SignInWorld()
        await expectRefusal(.emailInvalid) { try await world.begin(Self.phone) }
        let limited = try await SignInWorld.withSMS { $0.sms.callingCodes = ["49"] }
        await expectRefusal(.fieldInvalid) { try await limited.begin("+1 202 555 0100") }
        _ = try await limited.begin(Self.phone)
    }

    @Test func `a session is confirmed by SMS where there is no mail`() async throws {
        let world = try await SignInWorld.withSMS()
        let user = try await world.makeUser("a@example.com", phone: Self.phone)
        let started = try await world.begin(Self.phone)
        let code = try #require(try await world.smsCode(to: Self.number))
        guard case .signedIn(let signedIn) = try await world.submit(code, started.handle) else {
            throw Unexpected(outcome: "refused")
        }
        try world.run("DELETE FROM user_identifiers WHERE kind = 1")
        world.clock.advance(.seconds(3600))
        let confirming = try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        let again = try #require(try await world.smsCode(to: Self.number))
        #expect(world.phones.messages.last?.text.contains("confirming that it is you") == true)
        guard case .signedIn(let confirmed) = try await world.submit(again, confirming.handle) else {
            throw Unexpected(outcome: "not confirmed")
        }
        #expect(confirmed.isConfirmation && confirmed.session.userID == user)
    }

    @Test func `a short message is tried again while that may help`() async throws {
        let world = try await SignInWorld.withSMS()
        _ = try await world.makeUser("a@example.com", phone: Self.phone)
        world.phones.fail(with: TextMessageError(.temporary, "busy"))
        _ = try await world.begin(Self.phone)
        await world.worker.deliverDue()
        #expect(try await world.number("SELECT COUNT(*) FROM outbox WHERE state = 1 AND last_error = 'busy'") == 1)
        world.phones.fail(with: nil)
        world.clock.advance(.seconds(10))
        #expect(try await world.smsCode(to: Self.number) != nil)
        world.phones.fail(with: TextMessageError(.permanent, "no such number"))
        world.clock.advance(.seconds(120))
        _ = try await world.begin(Self.phone)
        await world.worker.deliverDue()
        #expect(try await world.number("SELECT COUNT(*) FROM outbox WHERE state = 4 AND LENGTH(payload) = 0") == 1)
    }
}
