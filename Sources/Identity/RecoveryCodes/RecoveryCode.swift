import Cryptography
import MariaDB
import OneTimePasswords
import Passwords

/// A recovery code: 13 letters of Crockford's base 32, which are 65 bits (SECURITY RC-01).
struct RecoveryCode: Sendable {
    static let length = 13
    static let alphabet = CodeAlphabet.crockford32
    /// What is hashed of it: the canonical letters, whatever was typed.
    static let normalization: UInt16 = 0

    /// The letters as they are hashed and looked up.
    let canonical: SecretBytes

    /// A new one.
    init(random: any RandomSource) {
        canonical = Self.alphabet.makeCode(length: Self.length, random: random)
    }

    /// What a person typed, in any case and with any hyphens and spaces; nil for what no code can be (SECURITY RC-06).
    init?(typed: SecretBytes) {
        guard let letters = typed.withBytes({ Self.alphabet.canonical($0) }), letters.count == Self.length else {
            return nil
        }
        canonical = SecretBytes(copying: letters)
    }

    /// As it is shown: `ABCD-EFGH-JKMN-P`.
    var display: SecretBytes {
        canonical.withBytes { SecretBytes(utf8: Self.alphabet.display($0)) }
    }

    /// As passwords are presented to the hash lane.
    var presented: PresentedPassword {
        PresentedPassword(canonical.validatedUTF8String() ?? "")
    }

    /// The beginning of a keyed hash of user and code: which record to try, and too short to tell the code
    /// (SECURITY RC-02).
    func lookup(of user: UserID, _ keyRing: KeyRing, keyID: UInt32) -> UInt16? {
        let input = canonical.withBytes { SecretBytes(copying: user.bytes + Array($0)) }
        guard let code = try? keyRing.authenticationCode(for: input, purpose: .recoveryCodeLookup, keyID: keyID) else {
            return nil
        }
        return code.withBytes { $0.prefix(2).reduce(0) { $0 << 8 | UInt16($1) } }
    }
}
