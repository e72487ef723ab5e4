/// A registration that held: what the store keeps (Level 3 section 7.1 step 27).
///
/// The caller still refuses an identifier that any account has already (step 26).
package struct RegisteredCredential: Sendable, Hashable {
    package let id: [UInt8]
    /// The handle of the account it is for, from the stored options.
    package let userHandle: [UInt8]
    package let relyingPartyID: String
    package let publicKey: CredentialPublicKey
    /// The model as the authenticator says; proven only by an attestation that is trusted and other than FIDO U2F's.
    package let aaguid: AAGUID
    package let signatureCount: UInt32
    package let isUserVerified: Bool
    package let isBackupEligible: Bool
    package let isBackedUp: Bool
    package let transports: [AuthenticatorTransport]
    package let attestation: AttestationVerdict
}

/// An authentication that held: what the store updates (Level 3 section 7.2 step 24).
package struct VerifiedAssertion: Sendable, Hashable {
    /// What the signature count says; what follows from it is the caller's policy.
    package enum Counter: Sendable, Hashable {
        case fine
        /// Not above the stored count: the key may have been copied.
        case regressed
    }

    package let credentialID: [UInt8]
    /// The handle of the account that signed in.
    package let userHandle: [UInt8]
    /// Whether this counts as two factors.
    package let isUserVerified: Bool
    package let isBackedUp: Bool
    package let signatureCount: UInt32
    package let counter: Counter
}

/// How an authenticator is reached (Level 3 section 5.8.4).
package enum AuthenticatorTransport: String, Sendable, Hashable, CaseIterable {
    case usb, nfc, ble, hybrid, `internal`
    case smartCard = "smart-card"

    /// The known ones among what a browser says, each once, in the order of this list.
    package static func known(among names: [String]) -> [AuthenticatorTransport] {
        let given = Set(names.prefix(32).map { Array($0.utf8) })
        return allCases.filter { given.contains(Array($0.rawValue.utf8)) }
    }
}
