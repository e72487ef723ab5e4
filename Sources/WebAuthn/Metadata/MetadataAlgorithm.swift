internal import Cryptography

/// The algorithms metadata may be signed with (RFC 7518 section 3.1); the list is ours, never the token's.
enum MetadataAlgorithm: String, Sendable, CaseIterable {
    case es256 = "ES256"
    case rs256 = "RS256"

    /// The algorithm of a name, byte by byte.
    init?(name: [UInt8]) {
        guard let algorithm = Self.allCases.first(where: { name.elementsEqual($0.rawValue.utf8) }) else { return nil }
        self = algorithm
    }

    /// Whether a signature in the form JWS has is a key's over a message.
    func isValid(_ signature: [UInt8], by key: VerificationKey, of message: [UInt8]) -> Bool {
        switch self {
        case .rs256: key.isValid(signature: signature, of: message, .rs256)
        case .es256:
            signature.count == 64
                && key.isValid(
                    signature: Self.sequence(of: signature.prefix(32), signature.suffix(32)),
                    of: message,
                    .es256
                )
        }
    }

    /// The DER form of an ECDSA signature, from the two bare numbers of RFC 7518 section 3.4.
    private static func sequence(of first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> [UInt8] {
        let contents = integer(first) + integer(second)
        return [0x30, UInt8(contents.count)] + contents
    }

    /// An INTEGER of at most 33 bytes: without needless zeros, and with one where the number would look negative.
    private static func integer(_ number: ArraySlice<UInt8>) -> [UInt8] {
        let digits = number.drop { $0 == 0 }
        let isSignNeeded = digits.first.map { $0 >= 0x80 } ?? true
        let contents = (isSignNeeded ? [0] : []) + digits
        return [0x02, UInt8(contents.count)] + contents
    }
}
