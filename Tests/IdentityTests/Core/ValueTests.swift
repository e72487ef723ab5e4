import Cryptography
import MariaDB
import Testing

@testable import Identity

@Suite struct ValueTests {
    @Test func `an id is a UUID of version 7 that sorts by time`() throws {
        let moment = Timestamp(microsecondsSinceEpoch: 1_645_557_742_000_999)
        let id = UserID.make(at: moment, random: SystemRandom())
        let text = id.description
        // The time of RFC 9562 appendix A.6.
        #expect(text.hasPrefix("017f22e2-79b0-7"))
        #expect("89ab".contains(try #require(text.dropFirst(19).first)))
        #expect(UserID(text: text) == id)
        #expect(UserID(text: text.uppercased()) == id)
        var last: [UInt8] = []
        for step in 0..<2000 {
            let next = UserID.make(at: moment + .microseconds(step * 2), random: SystemRandom()).bytes
            #expect(last.lexicographicallyPrecedes(next))
            last = next
        }
    }

    @Test(arguments: [
        "", "017f22e279b07000800000000000000", "017f22e2-79b0-7000-8000-00000000000",
        "017f22e2-79b0-7000-8000-0000000000000",
        "017f22e2x79b0-7000-8000-000000000000", "g17f22e2-79b0-7000-8000-000000000000",
        "{17f22e2-79b0-7000-8000-000000000000",
        "０17f22e2-79b0-7000-8000-0000000000", "017f22e2-79b0-7000-8000-00000000000\u{0}",
    ])
    func `what is no UUID is no id`(text: String) {
        #expect(UserID(text: text) == nil)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", 4), ("::ffff:192.0.2.1", "192.0.2.1", 4), ("2001:DB8:0:0::1", "2001:db8::1", 8),
        ("::1", "::1", 8),
    ])
    func `a source address has one text and one prefix`(text: String, canonical: String, prefixLength: Int) throws {
        let address = try #require(SourceAddress(text))
        #expect(address.description == canonical)
        #expect(address.prefix.count == prefixLength)
        #expect(SourceAddress("2001:db8::1")?.prefix == SourceAddress("2001:db8::ffff:1")?.prefix)
        #expect(SourceAddress("2001:db8::1")?.prefix != SourceAddress("2001:db8:0:1::1")?.prefix)
    }

    @Test(arguments: [
        "", "1", "192.0.2", "192.0.2.256", "192.0.2.01", "0x7f.1", "[::1]", "::1%eth0", "192.0.2.1:80", "::1\u{0}",
        "localhost", " ::1",
    ])
    func `what is no address is refused`(text: String) {
        #expect(SourceAddress(text) == nil)
    }

    @Test func `an idempotency key is up to a hundred visible characters`() {
        let hash = [UInt8](repeating: 0, count: 32)
        #expect(IdempotencyKey(key: Array("a".utf8), method: "m", bodyHash: hash) != nil)
        #expect(IdempotencyKey(key: [UInt8](repeating: 0x7E, count: 100), method: "m", bodyHash: hash) != nil)
        for bad in [[], [UInt8](repeating: 0x41, count: 101), [0x20], [0x0A], [0xC3, 0xA4], [0]] as [[UInt8]] {
            #expect(IdempotencyKey(key: bad, method: "m", bodyHash: hash) == nil)
        }
        #expect(IdempotencyKey(key: [0x41], method: "m", bodyHash: [1]) == nil)
    }

    @Test func `details are JSON whatever they hold`() {
        #expect(
            JSONText.object(["b": "1", "a": "x\"\\\n\u{0}\u{301}"])
                == "{\"a\":\"x\\\"\\\\\\n\\u0000\u{301}\",\"b\":\"1\"}"
        )
        // A combining mark must not hide the quote before it (F9).
        #expect(JSONText.object(["a": "\"\u{301}"]).utf8.elementsEqual("{\"a\":\"\\\"\u{301}\"}".utf8))
    }
}
