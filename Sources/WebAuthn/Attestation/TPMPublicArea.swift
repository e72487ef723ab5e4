internal import Cryptography

/// The public area of a TPM key, TPMT_PUBLIC (TPM 2.0 Library part 2 section 12.2.4), for keys a credential may have.
struct TPMPublicArea: Sendable {
    private enum Numbers {
        case rsa(modulus: [UInt8], exponent: UInt32)
        case ellipticCurve(VerificationKey.Curve, x: [UInt8], y: [UInt8])
    }

    private let bytes: [UInt8]
    private let nameAlgorithm: UInt16
    private let numbers: Numbers

    /// Reads the area without the length before it, and nothing after it.
    init(_ bytes: [UInt8]) throws(AttestationError) {
        self.bytes = bytes
        var reader = TPMReader(bytes)
        let type = try reader.short()
        nameAlgorithm = try reader.short()
        // objectAttributes and authPolicy.
        _ = try reader.long()
        _ = try reader.sized()
        switch type {
        case TPMConstant.rsa: numbers = try Self.rsa(&reader)
        case TPMConstant.ellipticCurve: numbers = try Self.ellipticCurve(&reader)
        default: throw .malformedStructure
        }
        guard reader.isAtEnd else { throw .malformedStructure }
    }

    /// The name of the key: the hash algorithm and the area's hash; nil for an algorithm we do not know.
    var name: [UInt8]? {
        TPMConstant.digest(nameAlgorithm, of: bytes).map {
            [UInt8(nameAlgorithm >> 8), UInt8(nameAlgorithm & 0xFF)] + $0
        }
    }

    /// Whether this is the same key; leading zeros do not count.
    func isSameKey(as key: VerificationKey) -> Bool {
        switch numbers {
        case .rsa(let modulus, let exponent):
            guard let other = key.rsaNumbers else { return false }
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: exponent >> (24 - 8 * $0)) }
            return Self.areEqual(modulus, other.modulus) && Self.areEqual(bytes, other.exponent)
        case .ellipticCurve(let curve, let x, let y):
            guard key.kind == .ellipticCurve(curve), let other = key.coordinates else { return false }
            return Self.areEqual(x, other.x) && Self.areEqual(y, other.y)
        }
    }

    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.drop { $0 == 0 }.elementsEqual(right.drop { $0 == 0 })
    }

    private static func rsa(_ reader: inout TPMReader) throws(AttestationError) -> Numbers {
        try skipSymmetric(&reader)
        try skipScheme(&reader)
        // keyBits, which the modulus shows itself.
        _ = try reader.short()
        let exponent = try reader.long()
        let modulus = try reader.sized()
        return .rsa(modulus: modulus, exponent: exponent == 0 ? 65537 : exponent)
    }

    private static func ellipticCurve(_ reader: inout TPMReader) throws(AttestationError) -> Numbers {
        try skipSymmetric(&reader)
        try skipScheme(&reader)
        let curve: VerificationKey.Curve
        switch try reader.short() {
        case 0x0003: curve = .p256
        case 0x0004: curve = .p384
        case 0x0005: curve = .p521
        default: throw .malformedStructure
        }
        // The key derivation scheme.
        try skipScheme(&reader)
        let x = try reader.sized()
        return .ellipticCurve(curve, x: x, y: try reader.sized())
    }

    /// TPMT_SYM_DEF_OBJECT: key bits and mode follow unless it is null.
    private static func skipSymmetric(_ reader: inout TPMReader) throws(AttestationError) {
        if try reader.short() != TPMConstant.null { _ = try reader.take(4) }
    }

    /// A scheme: a hash algorithm follows unless it is null.
    private static func skipScheme(_ reader: inout TPMReader) throws(AttestationError) {
        if try reader.short() != TPMConstant.null { _ = try reader.short() }
    }
}

/// Numbers of the TPM 2.0 Library part 2 sections 6.2, 6.3 and 6.9.
enum TPMConstant {
    static let rsa: UInt16 = 0x0001
    static let ellipticCurve: UInt16 = 0x0023
    static let null: UInt16 = 0x0010
    /// TPM_GENERATED_VALUE.
    static let magic: UInt32 = 0xFF54_4347
    /// TPM_ST_ATTEST_CERTIFY.
    static let certify: UInt16 = 0x8017

    /// A digest by the hash algorithm's number; nil for one we do not know.
    static func digest(_ algorithm: UInt16, of bytes: [UInt8]) -> [UInt8]? {
        switch algorithm {
        case 0x0004: SHA1.digest(of: bytes)
        case 0x000B: SHA256.digest(of: bytes)
        case 0x000C: SHA384.digest(of: bytes)
        case 0x000D: SHA512.digest(of: bytes)
        default: nil
        }
    }
}
