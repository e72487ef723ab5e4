import Cryptography
import MariaDB

/// The secret of the link that takes one's own deletion back: whose account and which deletion it is, under a code of
/// ours.
///
/// Nothing is stored for it. It is good as long as that very deletion stands, so it works once, and a later deletion has
/// another end.
struct DeletionUndoToken: Sendable, Hashable {
    let user: UserID
    let deleteAfter: Timestamp

    private static let prefix = "ghr_"
    private static let codeByteCount = 32

    init(user: UserID, deleteAfter: Timestamp) {
        (self.user, self.deleteAfter) = (user, deleteAfter)
    }

    /// Reads the text of a link; nil for what we did not write.
    init?(_ text: SecretBytes, _ keyRing: KeyRing) {
        let prefix = Array(Self.prefix.utf8)
        let bytes = text.withBytes { text -> [UInt8]? in
            guard text.count <= 200, text.starts(with: prefix) else { return nil }
            return Base64URL.decode(String(decoding: text.dropFirst(prefix.count), as: UTF8.self))
        }
        guard let bytes, bytes.count == 4 + Self.codeByteCount + 24 else { return nil }
        let keyID = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let code = AuthenticationCode(keyID: keyID, bytes: Array(bytes[4..<(4 + Self.codeByteCount)]))
        let covered = Array(bytes[(4 + Self.codeByteCount)...])
        guard keyRing.isValid(code, for: covered, purpose: .undeletion),
            let user = UserID(bytes: Array(covered.prefix(16)))
        else { return nil }
        let time = covered.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self.init(user: user, deleteAfter: Timestamp(microsecondsSinceEpoch: Int64(bitPattern: time)))
    }

    /// The text that stands in the link.
    func text(_ keyRing: KeyRing) -> SecretBytes {
        let time = UInt64(bitPattern: deleteAfter.microsecondsSinceEpoch)
        let covered = user.bytes + (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * UInt64($0))) }
        let code = keyRing.authenticationCode(for: covered, purpose: .undeletion)
        let keyID = (0..<4).reversed().map { UInt8(truncatingIfNeeded: code.keyID >> (8 * UInt32($0))) }
        return SecretBytes(utf8: Self.prefix + Base64URL.encode(keyID + code.bytes + covered))
    }
}
