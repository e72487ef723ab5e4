package import Cryptography
package import MariaDB

/// What an opaque token is for; its text begins with this.
package enum TokenKind: String, Sendable, CaseIterable {
    case serviceToken = "ght_"
    case session = "ghs_"
    case flowHandle = "ghf_"
    case device = "ghd_"
    /// Takes a change of addresses back.
    case undo = "ghu_"
    case invitation = "ghi_"
    /// A sign-in on its way to an application.
    case ticket = "ghk_"
    /// What a browser takes to a provider and brings back (`state`).
    case externalState = "ghx_"
}

/// SHA-256 of the whole text of a token: all that is stored of it, and its lookup key.
package struct TokenHash: Sendable, Hashable {
    /// The 32 bytes.
    package let bytes: [UInt8]

    init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Hashes the text of a token; nil when it is not one of this kind, so that typing errors cost no database work.
    package init?(of token: SecretBytes, kind: TokenKind) {
        guard TokenText.isWellFormed(token, kind: kind) else { return nil }
        bytes = token.withBytes { SHA256.digest(of: $0) }
    }
}

/// The text of opaque tokens: a typed prefix, 256 random bits in base64url, and a checksum of 36 bits.
package enum TokenText {
    static let secretLength = 43
    static let checksumLength = 6
    /// Bytes of the text of any token.
    package static let length = 4 + secretLength + checksumLength

    /// Makes a token; its hash is what is stored.
    package static func make(_ kind: TokenKind, random: any RandomSource) -> (token: SecretBytes, hash: TokenHash) {
        let secret = random.secret(32)
        var text = Array(kind.rawValue.utf8)
        text += secret.withBytes { Array(Base64URL.encode($0).utf8) }
        text += checksum(of: text)
        defer { for index in text.indices { text[index] = 0 } }
        return (SecretBytes(copying: text), TokenHash(exactly: SHA256.digest(of: text)))
    }

    /// Whether the prefix, the length, the alphabet and the checksum fit; says nothing about whether the token is known.
    package static func isWellFormed(_ token: SecretBytes, kind: TokenKind) -> Bool {
        let prefix = Array(kind.rawValue.utf8)
        let body = prefix.count + secretLength
        guard token.count == body + checksumLength else { return false }
        return token.withBytes { text in
            text.prefix(prefix.count).elementsEqual(prefix)
                && text.dropFirst(prefix.count).allSatisfy(isBase64URL)
                && text.suffix(checksumLength).elementsEqual(checksum(of: Array(text.prefix(body))))
        }
    }

    private static func checksum(of text: [UInt8]) -> [UInt8] {
        Array(Base64URL.encode(SHA256.digest(of: text)).utf8.prefix(checksumLength))
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension TokenHash {
    fileprivate init(exactly bytes: [UInt8]) {
        precondition(bytes.count == 32, "SHA-256 has 32 bytes")
        self.bytes = bytes
    }
}

extension TokenHash: SQLBindable {
    package func bind(to parameters: inout Parameters) { parameters.append(bytes) }
}

extension TokenHash: SQLReadable {
    package static func read(from columns: inout Columns) throws(DatabaseError) -> TokenHash {
        let column = columns.position
        guard let hash = TokenHash(bytes: try columns.next([UInt8].self)) else {
            throw columns.mismatch(at: column, wanted: "hash of 32 bytes")
        }
        return hash
    }
}
