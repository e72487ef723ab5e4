import Cryptography
import MariaDB
import Testing

@testable import Identity

/// Words, escaping, payloads and waits: all without a database.
@Suite struct MessageTests {
    private func values(siteName: String) -> MessageValues {
        MessageValues(
            siteName: siteName,
            siteURL: "https://id.example.com",
            content: .signInCode("ABCD-EFGH", minutes: 5)
        )
    }

    @Test func `the mail names site and purpose, shows the code and warns`() {
        let mail = EnglishMessages().render(values(siteName: "Shop"), languages: "de, en")
        #expect(mail.subject == "Code for signing in to Shop")
        for part in [mail.text, mail.html] {
            #expect(part.contains("ABCD-EFGH"))
            #expect(part.contains("5 minutes"))
            #expect(part.contains("We never ask for this code"))
            #expect(part.contains("https://id.example.com"))
        }
    }

    @Test(arguments: ["<b>", "<\u{0338}script>", "\"\u{0301}onload=x", "a\r\nBcc: evil@example.com", "&'"])
    func `no byte of a name becomes markup`(name: String) {
        let mail = EnglishMessages().render(values(siteName: name), languages: "")
        let plain = EnglishMessages().render(values(siteName: "x"), languages: "")
        for byte in [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0x0D] {
            #expect(mail.html.utf8.count { $0 == byte } == plain.html.utf8.count { $0 == byte }, "\(byte)")
        }
        #expect(!MessageEscaping.line(mail.subject).utf8.contains { $0 < 0x20 })
    }

    @Test func `a payload comes back as it went in`() throws {
        for isDecoy in [true, false] {
            let message = OutboxMessage(
                recipient: "ä@example.com",
                languages: "de",
                content: .signInCode(SecretBytes(utf8: "ABCDEFGH")),
                isDecoy: isDecoy
            )
            let read = try #require(OutboxMessage(kind: .signInCode, payload: message.payload()))
            #expect(read.recipient == message.recipient && read.languages == "de" && read.isDecoy == isDecoy)
            guard case .signInCode(let code) = read.content else { throw Unexpected(outcome: "\(read)") }
            #expect(code.isEqual(to: SecretBytes(utf8: "ABCDEFGH")))
        }
    }

    @Test(arguments: AccountNotice.Kind.allCases)
    func `a notice comes back as it went in`(kind: AccountNotice.Kind) throws {
        let notice = AccountNotice(
            kind,
            at: Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_001),
            userAgent: "Gerät/1.0",
            source: SourceAddress("2001:db8::1"),
            failures: 7
        )
        let message = OutboxMessage(recipient: "a@b.example", languages: "", content: .notice(notice), isDecoy: false)
        let bytes = message.payload().withBytes { Array($0) }
        let read = try #require(OutboxMessage(kind: .notice, payload: message.payload()))
        guard case .notice(let again) = read.content else { throw Unexpected(outcome: "\(read)") }
        #expect(again == notice)
        #expect(OutboxMessage(kind: .signInCode, payload: message.payload()) == nil)
        for length in bytes.indices {
            #expect(OutboxMessage(kind: .notice, payload: SecretBytes(copying: Array(bytes.prefix(length)))) == nil)
        }
    }

    @Test func `a notice for a telephone comes back as it went in, with its secret or without`() throws {
        let notice = AccountNotice(.identifierRemoved, at: Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_001))
        for secret in [SecretBytes(utf8: "ghu_secret"), nil] {
            let message = OutboxMessage(
                recipient: "+491512345678",
                languages: "de",
                content: .textNotice(notice, secret),
                isDecoy: false
            )
            #expect(message.kind == .textNotice && message.isText)
            let read = try #require(OutboxMessage(kind: .textNotice, payload: message.payload()))
            guard case .textNotice(notice, let again) = read.content else { throw Unexpected(outcome: "\(read)") }
            #expect(again?.withBytes { Array($0) } == secret?.withBytes { Array($0) })
            #expect(OutboxMessage(kind: .notice, payload: message.payload()) == nil)
        }
    }

    @Test(arguments: AccountNotice.Kind.allCases)
    func `a notice says when and from where, and nothing that the browser said`(kind: AccountNotice.Kind) {
        let notice = AccountNotice(
            kind,
            at: Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_000),
            userAgent: "Call +1 555 0100 at once",
            source: SourceAddress("192.0.2.7"),
            failures: 12
        )
        let values = MessageValues(siteName: "Shop", siteURL: "https://id.example.com", content: .notice(notice))
        let mail = EnglishMessages().render(values, languages: "de")
        for part in [mail.text, mail.html] {
            #expect(part.contains("2027-01-15 08:00 UTC"))
            // Where an administrator sat is none of the person's business.
            #expect(part.contains("192.0.2.7") == (kind != .passwordResetDemanded))
            #expect(part.contains("https://id.example.com"))
            #expect(!part.contains("555"))
        }
    }

    @Test func `a payload cut short, lengthened or of another layout is refused`() {
        let message = OutboxMessage(
            recipient: "a@b.example",
            languages: "",
            content: .signInCode(SecretBytes(utf8: "A")),
            isDecoy: false
        )
        let bytes = message.payload().withBytes { Array($0) }
        for length in bytes.indices {
            #expect(OutboxMessage(kind: .signInCode, payload: SecretBytes(copying: Array(bytes.prefix(length)))) == nil)
        }
        let altered: [[UInt8]] = [
            bytes + [0], [2] + bytes.dropFirst(), [1, 2] + bytes.dropFirst(2), [1, 0, 0, 1, 0xFF, 0, 0, 0, 0],
        ]
        for bad in altered {
            #expect(OutboxMessage(kind: .signInCode, payload: SecretBytes(copying: bad)) == nil)
        }
    }

    @Test(arguments: [(UInt32(0), 2), (1, 2), (2, 4), (3, 8), (5, 32), (6, 60), (40, 60), (.max, 60)])
    func `waits double up to a cap and lose at most half to chance`(attempts: UInt32, seconds: Int) {
        let policy = DeliveryPolicy()
        #expect(policy.wait(afterAttempts: attempts, jitter: 0) == .seconds(seconds))
        let shortest = policy.wait(afterAttempts: attempts, jitter: .max)
        #expect(shortest < .seconds(seconds) && shortest >= .seconds(seconds) / 2)
    }

    @Test func `a signal raised before the wait ends it, and one wait only`() async {
        let signal = OutboxSignal()
        signal.raise()
        signal.raise()
        await signal.wait()
        let second = Task { await signal.wait() }
        second.cancel()
        await second.value
    }
}
