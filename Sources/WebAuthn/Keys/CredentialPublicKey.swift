package import Cryptography

/// The public key of a credential: a COSE_Key (RFC 9052 section 7) as WebAuthn restricts it (Level 3 section 5.8.5).
package struct CredentialPublicKey: Sendable, Hashable {
    /// The algorithm its signatures are made with; the only one they are checked with.
    package let algorithm: COSEAlgorithm
    /// What checks signatures.
    package let verificationKey: VerificationKey
    /// The COSE_Key as it came, for the store.
    package let bytes: [UInt8]

    /// A COSE_Key is flat.
    static let depth = 1
    /// An RSA key of 8192 bits takes 1040 bytes.
    private static let limit = 2048

    /// Reads a COSE_Key with nothing after it.
    ///
    /// - Parameter bytes: The encoding.
    /// - Throws: `CredentialPublicKeyError` for anything but a key of an algorithm we know.
    package init(_ bytes: [UInt8]) throws(CredentialPublicKeyError) {
        let value: CBORValue
        do {
            value = try CBORDecoder.decode(bytes, depth: Self.depth, limit: Self.limit)
        } catch {
            throw .malformed(error)
        }
        guard let map = value.entries else { throw .notAMap }
        guard let algorithm = COSEAlgorithm(map[Label.algorithm]), algorithm != .rs1 else { throw .unknownAlgorithm }
        self.algorithm = algorithm
        self.bytes = bytes
        verificationKey = try Self.key(algorithm, map)
    }

    /// Whether a signature by this key, with its own algorithm, fits a message.
    package func isValid(signature: [UInt8], of message: [UInt8]) -> Bool {
        verificationKey.isValid(signature: signature, of: message, algorithm.signatureAlgorithm)
    }

    private static func key(
        _ algorithm: COSEAlgorithm,
        _ map: CBORMap
    ) throws(CredentialPublicKeyError) -> VerificationKey {
        switch algorithm {
        case .es256: try ellipticCurveKey(map, curve: .p256, identifier: 1)
        case .es384: try ellipticCurveKey(map, curve: .p384, identifier: 2)
        case .es512: try ellipticCurveKey(map, curve: .p521, identifier: 3)
        case .edDSA: try edwardsKey(map, curve: .ed25519, identifier: 6)
        case .ed448: try edwardsKey(map, curve: .ed448, identifier: 7)
        case .rs1, .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: try rsaKey(map)
        }
    }

    private static func ellipticCurveKey(
        _ map: CBORMap,
        curve: VerificationKey.Curve,
        identifier: Int64
    ) throws(CredentialPublicKeyError) -> VerificationKey {
        guard map[Label.keyType]?.integer == KeyType.ellipticCurve else { throw .wrongKeyType }
        guard map[Label.curve]?.integer == identifier else { throw .wrongCurve }
        // No label but these: with each other one, `d` among them, the count is wrong.
        guard map.count == 5, let x = map[Label.x]?.byteString, let y = map[Label.y]?.byteString else {
            throw .wrongLabels
        }
        return try made { () throws(CryptographyError) in try VerificationKey(curve: curve, x: x, y: y) }
    }

    private static func edwardsKey(
        _ map: CBORMap,
        curve: VerificationKey.EdwardsCurve,
        identifier: Int64
    ) throws(CredentialPublicKeyError) -> VerificationKey {
        guard map[Label.keyType]?.integer == KeyType.octetKeyPair else { throw .wrongKeyType }
        guard map[Label.curve]?.integer == identifier else { throw .wrongCurve }
        guard map.count == 4, let x = map[Label.x]?.byteString else { throw .wrongLabels }
        return try made { () throws(CryptographyError) in try VerificationKey(edwards: curve, publicKey: x) }
    }

    private static func rsaKey(_ map: CBORMap) throws(CredentialPublicKeyError) -> VerificationKey {
        guard map[Label.keyType]?.integer == KeyType.rsa else { throw .wrongKeyType }
        guard map.count == 4, let modulus = map[Label.modulus]?.byteString,
            let exponent = map[Label.exponent]?.byteString
        else { throw .wrongLabels }
        // RFC 8230 section 4: numbers without leading zero octets.
        guard let first = modulus.first, first != 0, let second = exponent.first, second != 0 else { throw .notAKey }
        return try made { () throws(CryptographyError) in
            try VerificationKey(rsaModulus: modulus, exponent: exponent)
        }
    }

    private static func made(
        _ make: () throws(CryptographyError) -> VerificationKey
    ) throws(CredentialPublicKeyError) -> VerificationKey {
        do {
            return try make()
        } catch {
            throw .notAKey
        }
    }
}

/// Labels of a COSE_Key; the negative ones mean something else for each key type (RFC 9053 section 7, RFC 8230).
private enum Label {
    static let keyType: Int64 = 1
    static let algorithm: Int64 = 3
    static let curve: Int64 = -1
    static let x: Int64 = -2
    static let y: Int64 = -3
    static let modulus: Int64 = -1
    static let exponent: Int64 = -2
}

/// Values of the label `kty`.
private enum KeyType {
    static let octetKeyPair: Int64 = 1
    static let ellipticCurve: Int64 = 2
    static let rsa: Int64 = 3
}
