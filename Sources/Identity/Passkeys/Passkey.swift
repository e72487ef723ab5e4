package import MariaDB
package import WebAuthn

/// A passkey of a user, without its key.
package struct Passkey: Sendable, Hashable {
    package let id: PasskeyID
    package let userID: UserID
    /// What its owner calls it: 1 to 100 characters.
    package let name: String
    /// What keeps it, as it says itself: `iCloud Keychain`; nil for a model that is not known.
    package let model: String?
    package let transports: [AuthenticatorTransport]
    /// Whether it may leave its device, as synchronised passkeys do.
    package let isBackupEligible: Bool
    package let isBackedUp: Bool
    package let createdAt: Timestamp
    package let lastUsedAt: Timestamp?
    /// When its counter last went back, as that of a copied key does.
    package let suspectedCopyAt: Timestamp?
}

extension Passkey {
    /// The names of the transports (Level 3 section 5.8.4), for faces that know nothing of WebAuthn.
    package var transportNames: [String] { transports.map(\.rawValue) }
}
