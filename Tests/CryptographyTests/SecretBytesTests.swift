import Cryptography
import Testing

struct SecretBytesTests {
    private struct Holder {
        let token = SecretBytes(utf8: "canary-value")
    }

    /// SECURITY KEY-04.
    @Test func `Nothing that prints, dumps or reflects shows a secret`() {
        let holder = Holder()
        var dumped = ""
        dump(holder, to: &dumped)
        let shown = ["\(holder)", String(reflecting: holder), String(describing: holder.token), dumped]
        for text in shown { #expect(!text.contains("canary") && !text.contains("99, 97, 110")) }
        #expect(Mirror(reflecting: holder.token).children.isEmpty)
    }

    @Test func `A key ring and a certificate show nothing of their keys`() throws {
        let material = SecretBytes(copying: [UInt8](repeating: 99, count: 32))
        let ring = try KeyRing(keys: [KeyRing.Key(id: 1, state: .active, material: material)])
        let certificate = try SelfSignedCertificate.make(
            commonName: "x",
            dnsNames: ["localhost"],
            ipAddresses: [],
            validForDays: 1,
            now: 1_800_000_000,
            random: SystemRandom()
        )
        let keyText = try #require(certificate.privateKeyPEM.validatedUTF8String()?.split(separator: "\n")[1])
        for value in [ring, ring.keys, certificate] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(!text.contains("99, 99") && !text.contains("- 99") && !text.contains(keyText))
            }
        }
    }

    @Test func `Comparison looks at every byte and at the length`() {
        let secret = SecretBytes(copying: [1, 2, 3])
        #expect(secret.isEqual(to: SecretBytes(copying: [1, 2, 3])))
        for other: [UInt8] in [[], [1, 2], [1, 2, 4], [0, 2, 3], [1, 2, 3, 0]] {
            #expect(!secret.isEqual(to: SecretBytes(copying: other)))
        }
        #expect(SecretBytes(copying: []).isEqual(to: SecretBytes(copying: [])))
    }

    @Test func `Bytes that are not UTF-8 are no text`() {
        #expect(SecretBytes(copying: [0xFF]).validatedUTF8String() == nil)
        #expect(SecretBytes(copying: []).validatedUTF8String() == "")
    }
}

struct EncodingTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func `Base64 without padding gives the texts of RFC 4648`(plain: String, encoded: String) {
        #expect(Base64URL.encode(plain.utf8) == encoded)
        #expect(Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test(arguments: ["Zg==", "Zh", "Zm9", "Z", "Zm+v", "Zm/v", "Zm 9v", "Zm9v\n", "Zm9v\u{301}", "Zm8A="])
    func `Only canonical base64 is read`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func `All bytes survive both encodings`() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("0g") == nil)
    }
}

struct RandomSourceTests {
    @Test func `Random values do not repeat`() {
        let random = SystemRandom()
        let values = Set((0..<10_000).map { _ in random.bytes(16) })
        #expect(values.count == 10_000)
        #expect(!random.secret(32).isEqual(to: random.secret(32)))
        #expect(random.bytes(0).isEmpty)
    }

    @Test func `Numbers beyond the last whole multiple of the bound are drawn again`() {
        let top = UInt32.max - UInt32.max % 10
        #expect(ScriptedRandom([top &+ 5, .max, 17]).uniform(below: 10) == 7)
        #expect(ScriptedRandom([top &- 1, 3]).uniform(below: 10) == 9)
        #expect(ScriptedRandom([.max]).uniform(below: 1 << 31) == .max >> 1)
    }

    @Test func `Numbers below a bound are all reached and none is beyond`() {
        let random = SystemRandom()
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 { counts[Int(random.uniform(below: 10))] += 1 }
        #expect(counts.allSatisfy { $0 > 700 })
        #expect(random.uniform(below: 1) == 0)
    }
}
