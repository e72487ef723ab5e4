/// The DER of RSA keys (RFC 8017 appendix A.1.1, RFC 3279 section 2.3.1).
enum DEREncoding {
    /// rsaEncryption with NULL parameters.
    private static let rsaAlgorithm: [UInt8] = [
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]

    /// The SubjectPublicKeyInfo of two numbers without leading zeros.
    static func rsaKey(modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        let numbers = element(0x30, unsignedInteger(modulus) + unsignedInteger(exponent))
        return element(0x30, rsaAlgorithm + element(0x03, [0] + numbers))
    }

    /// The two numbers of a SubjectPublicKeyInfo, without leading zeros; nil for anything else than an RSA key.
    static func rsaNumbers(in info: [UInt8]) -> (modulus: [UInt8], exponent: [UInt8])? {
        var outer = DERReader(info)
        guard let body = try? outer.next(), outer.isAtEnd, body.tag == .universal(16),
            body.contents.starts(with: rsaAlgorithm)
        else { return nil }
        var rest = DERReader(Array(body.contents.dropFirst(rsaAlgorithm.count)))
        guard let bits = try? rest.next(), rest.isAtEnd, bits.tag == .universal(3), bits.contents.first == 0 else {
            return nil
        }
        var key = DERReader(Array(bits.contents.dropFirst()))
        guard var numbers = try? key.sequence(), key.isAtEnd, let modulus = try? numbers.next(),
            let exponent = try? numbers.next(), numbers.isAtEnd, modulus.tag == .universal(2),
            exponent.tag == .universal(2)
        else { return nil }
        return (Array(modulus.contents.drop { $0 == 0 }), Array(exponent.contents.drop { $0 == 0 }))
    }

    private static func unsignedInteger(_ number: [UInt8]) -> [UInt8] {
        element(0x02, number.first.map { $0 & 0x80 != 0 ? [0] + number : number } ?? [0])
    }

    private static func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let count = contents.count
        let length: [UInt8] =
            switch count {
            case 0..<0x80: [UInt8(count)]
            case 0x80..<0x100: [0x81, UInt8(count)]
            default: [0x82, UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
            }
        return [tag] + length + contents
    }
}
