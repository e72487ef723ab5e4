package import Cryptography

/// The attestation statement formats we verify (Level 3 section 8).
package enum AttestationFormat: String, Sendable, Hashable, CaseIterable {
    case none, packed, tpm, apple, compound
    case androidKey = "android-key"
    case fidoU2F = "fido-u2f"

    /// The format of a name, byte by byte.
    init?(name: [UInt8]) {
        guard let format = Self.allCases.first(where: { name.elementsEqual($0.rawValue.utf8) }) else { return nil }
        self = format
    }
}

/// Who vouches for a credential (Level 3 section 6.5.4).
package enum AttestationType: String, Sendable, Hashable, CaseIterable {
    case none
    /// The credential's own key: proves nothing of the model.
    case `self`
    /// A key of the manufacturer's, shared by many devices of a model.
    case basic
    /// A key that an authority certified for one TPM.
    case attestationCA
    /// A key that an authority certified for this credential alone.
    case anonymizationCA
}

/// What an attestation statement proves.
package struct AttestationVerdict: Sendable, Hashable {
    package let format: AttestationFormat
    /// Of a compound statement, that of the part which counts: the first that is trusted, or the first that holds.
    package let type: AttestationType
    /// The certificates of the statement, the attesting one first; kept for later revocation.
    package let trustPath: [Certificate]
    /// Whether the path ends at an anchor of the policy.
    ///
    /// False leaves even the model a mere claim.
    package let isTrusted: Bool
}

/// What a format's procedure found, before trust is judged.
struct AttestationFinding: Sendable {
    let type: AttestationType
    let trustPath: [Certificate]
    /// Whether what was signed includes the model's number.
    let isModelSigned: Bool

    init(_ type: AttestationType, _ trustPath: [Certificate] = [], isModelSigned: Bool = true) {
        self.type = type
        self.trustPath = trustPath
        self.isModelSigned = isModelSigned
    }
}
