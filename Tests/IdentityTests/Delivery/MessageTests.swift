import Cryptography
import Testing

@testable import Identity

/// Words, escaping, payloads and waits: all without a database.
@Suite struct MessageTests {
    private func values(siteName: String) -> MessageValues {
        MessageValues(siteName: siteName, siteURL: "https://id.example.com", code: "ABCD-EFGH", lifetimeMinutes: 5)
    }

    @Test func `the mail names site and purpose, shows the code and warns`() {
        let mail = EnglishMessages().render(.signInCode, languages: "de, en", values: values(siteName: "Shop"))
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
        let mail = EnglishMessages().render(.signInCode, languages: "", values: values(siteName: name))
        let plain = EnglishMessages().render(.signInCode, languages: "", values: values(siteName: "x"))
        for byte in [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0x0D] {
            #expect(mail.html.utf8.count { $0 == byte } == plain.html.utf8.count { $0 == byte }, "\(byte)")
        }
        #expect(!MessageEscaping.line(mail.subject).utf8.contains { $0 < 0x20 })
    }

    @Test func `a payload comes back as it went in`() throws {
        for isDecoy in [true, false] {
            let message = OutboxMessage(
                kind: .signInCode,
                recipient: "ä@example.com",
                languages: "de",
                code: SecretBytes(utf8: "ABCDEFGH"),
                isDecoy: isDecoy
            )
            let read = try #require(OutboxMessage(kind: .signInCode, payload: message.payload()))
            #expect(read.recipient == message.recipient && read.languages == "de" && read.isDecoy == isDecoy)
            #expect(read.code.isEqual(to: message.code))
        }
    }

    @Test func `a payload cut short, lengthened or of another layout is refused`() {
        let message = OutboxMessage(
            kind: .signInCode,
            recipient: "a@b.example",
            languages: "",
            code: SecretBytes(utf8: "A"),
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
