internal import COpenSSL

/// A public key that signatures are checked with.
///
/// It was looked at when it was made: a point is on its curve, numbers are within their limits.
package struct VerificationKey: Sendable, Hashable {
    /// A curve of FIPS 186-5 over a prime field.
    package enum Curve: Sendable, Hashable, CaseIterable { case p256, p384, p521 }
    /// A curve of RFC 8032.
    package enum EdwardsCurve: Sendable, Hashable, CaseIterable { case ed25519, ed448 }

    /// What mathematics a key belongs to.
    package enum Kind: Sendable, Hashable {
        case ellipticCurve(Curve)
        case rsa(bits: Int)
        case edwards(EdwardsCurve)
    }

    /// What mathematics it belongs to, and how large it is.
    package let kind: Kind
    /// The key as X.509 writes it (RFC 5280 section 4.1.2.7); two keys are equal when these are.
    package let subjectPublicKeyInfo: [UInt8]

    /// A point of a curve; it must be on it, and its coordinates as long as the field's numbers.
    ///
    /// - Throws: `.badKey`.
    package init(curve: Curve, x: [UInt8], y: [UInt8]) throws(CryptographyError) {
        guard x.count == curve.fieldByteCount, y.count == curve.fieldByteCount else { throw Self.unfit }
        try self.init(kind: .ellipticCurve(curve), checking: curve.prefix + x + y)
    }

    /// An RSA key of 2048 to 8192 bits, an odd number, whose exponent is odd, at least 3 and at most 32 bits long.
    ///
    /// - Throws: `.badKey`.
    package init(rsaModulus: [UInt8], exponent: [UInt8]) throws(CryptographyError) {
        let (modulus, exponent) = (Array(rsaModulus.drop { $0 == 0 }), Array(exponent.drop { $0 == 0 }))
        guard let first = modulus.first, let last = exponent.last, exponent.count <= 4 else { throw Self.unfit }
        let bits = modulus.count * 8 - first.leadingZeroBitCount
        guard (2048...8192).contains(bits), modulus.last.map({ $0 & 1 == 1 }) == true, last & 1 == 1, exponent != [1]
        else { throw Self.unfit }
        try self.init(kind: .rsa(bits: bits), checking: DEREncoding.rsaKey(modulus: modulus, exponent: exponent))
    }

    /// A key of EdDSA (RFC 8032 sections 5.1.5 and 5.2.5).
    ///
    /// - Throws: `.badKey`.
    package init(edwards curve: EdwardsCurve, publicKey: [UInt8]) throws(CryptographyError) {
        guard publicKey.count == curve.keyByteCount else { throw Self.unfit }
        try self.init(kind: .edwards(curve), checking: curve.prefix + publicKey)
    }

    /// Reads a key as a certificate holds it: named curves with uncompressed points, RSA, EdDSA.
    ///
    /// What else there is, such as curves with parameters of their own, is refused by its first bytes, before any
    /// arithmetic (SECURITY DEP-03).
    ///
    /// - Throws: `.badKey`.
    package init(subjectPublicKeyInfo info: [UInt8]) throws(CryptographyError) {
        for curve in Curve.allCases where info.starts(with: curve.prefix) {
            let point = info.dropFirst(curve.prefix.count)
            try self.init(
                curve: curve,
                x: Array(point.prefix(curve.fieldByteCount)),
                y: Array(point.dropFirst(curve.fieldByteCount))
            )
            return
        }
        for curve in EdwardsCurve.allCases where info.starts(with: curve.prefix) {
            try self.init(edwards: curve, publicKey: Array(info.dropFirst(curve.prefix.count)))
            return
        }
        guard let (modulus, exponent) = DEREncoding.rsaNumbers(in: info) else { throw Self.unfit }
        try self.init(rsaModulus: modulus, exponent: exponent)
        guard subjectPublicKeyInfo == info else { throw Self.unfit }
    }

    /// The coordinates of an elliptic-curve key, as long as its field's numbers; nil for others.
    package var coordinates: (x: [UInt8], y: [UInt8])? {
        guard case .ellipticCurve(let curve) = kind else { return nil }
        let point = subjectPublicKeyInfo.dropFirst(curve.prefix.count)
        return (Array(point.prefix(curve.fieldByteCount)), Array(point.dropFirst(curve.fieldByteCount)))
    }

    /// The numbers of an RSA key, without leading zeros; nil for others.
    package var rsaNumbers: (modulus: [UInt8], exponent: [UInt8])? {
        guard case .rsa = kind else { return nil }
        return DEREncoding.rsaNumbers(in: subjectPublicKeyInfo)
    }

    private init(kind: Kind, checking info: [UInt8]) throws(CryptographyError) {
        (self.kind, subjectPublicKeyInfo) = (kind, info)
        let key = try PublicKeyHandle(self)
        // OpenSSL looks whether an RSA modulus is a prime, for seconds if it is one. Who has such a key harms only himself,
        // and its numbers' sizes were looked at.
        if case .rsa = kind { return }
        guard key.isWellFormed else { throw Self.unfit }
    }

    private static let unfit = CryptographyError(.badKey, "a public key is not one we check signatures with")
}

extension VerificationKey.Curve {
    var fieldByteCount: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }

    /// OpenSSL's name for it.
    var groupName: String {
        switch self {
        case .p256: "prime256v1"
        case .p384: "secp384r1"
        case .p521: "secp521r1"
        }
    }

    /// What stands before the coordinates: the algorithm, the curve's name, and an uncompressed point (RFC 5480), whose
    /// first byte says that it is one.
    var prefix: [UInt8] {
        let algorithm: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
        return switch self {
        case .p256:
            [0x30, 0x59, 0x30, 0x13] + algorithm
                + [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04]
        case .p384:
            [0x30, 0x76, 0x30, 0x10] + algorithm + [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04]
        case .p521:
            [0x30, 0x81, 0x9B, 0x30, 0x10] + algorithm
                + [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23, 0x03, 0x81, 0x86, 0x00, 0x04]
        }
    }
}

extension VerificationKey.EdwardsCurve {
    fileprivate var keyByteCount: Int { self == .ed25519 ? 32 : 57 }

    /// RFC 8410 section 4.
    fileprivate var prefix: [UInt8] {
        switch self {
        case .ed25519: [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        case .ed448: [0x30, 0x43, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x71, 0x03, 0x3A, 0x00]
        }
    }
}
