/// The flags byte of authenticator data (Level 3 section 6.1).
///
/// The reserved bits 1 and 5 may be set: they mean nothing today, and a later authenticator must not be locked out. They
/// are signed with everything else.
package struct AuthenticatorFlags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// UP: a person touched the authenticator.
    package static let userPresent = AuthenticatorFlags(rawValue: 0x01)
    /// UV: it made sure of the person, by PIN or biometrics.
    package static let userVerified = AuthenticatorFlags(rawValue: 0x04)
    /// BE: the key may leave the device; never changes.
    package static let backupEligible = AuthenticatorFlags(rawValue: 0x08)
    /// BS: the key has left it.
    package static let backedUp = AuthenticatorFlags(rawValue: 0x10)
    /// AT: a new credential follows.
    package static let attestedCredential = AuthenticatorFlags(rawValue: 0x40)
    /// ED: extension outputs follow.
    package static let extensions = AuthenticatorFlags(rawValue: 0x80)
}
