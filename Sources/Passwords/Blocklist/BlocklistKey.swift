internal import Cryptography
internal import InternationalNames

/// The first eight bytes of the SHA-1 of a password in UTF-8, in the order of the bytes: what a blocklist keeps of it.
///
/// SHA-1 because public lists of breached passwords are lists of SHA-1 hashes, and nothing rests on its strength: who
/// finds another password with the same key has found one that is refused. Of n keys one password in 2^64 / n is refused
/// by mistake: with a billion keys one in eighteen billion, who then chooses another.
struct BlocklistKey: Sendable, Hashable, Comparable {
    static let count = 8

    let value: UInt64

    init(_ value: UInt64) {
        self.value = value
    }

    init(_ text: String) {
        value = SHA1.digest(of: text.utf8).prefix(Self.count).reduce(0) { $0 << 8 | UInt64($1) }
    }

    static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

extension BlocklistKey {
    /// The key that a word of a list of passwords in clear is kept under: that of its folded form.
    ///
    /// Nil for what can be no password here, such as bytes that are not UTF-8.
    init?(listed word: some Collection<UInt8>) {
        guard let text = String(validating: word, as: UTF8.self), let password = try? OpaqueString(text),
            let folded = password.text.caseFolded.normalized(.nfc)
        else { return nil }
        self.init(folded)
    }

    /// The keys under which a password is looked up.
    ///
    /// Lists in clear are kept folded, so that its folded form finds them in any spelling. Of a list of hashes nobody knows
    /// the spellings, so beside the password as it is the likely ones are tried: all small, all capital, first capital.
    static func all(of password: String) -> [BlocklistKey] {
        let folded = password.caseFolded
        let capitals = folded.unicodeScalars.map(\.properties.uppercaseMapping).joined()
        let capitalized =
            (folded.unicodeScalars.first?.properties.titlecaseMapping ?? "")
            + String(String.UnicodeScalarView(folded.unicodeScalars.dropFirst()))
        return [password, folded, capitals, capitalized].map { BlocklistKey($0.normalized(.nfc) ?? $0) }
    }
}
