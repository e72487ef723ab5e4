package import Cryptography
package import JSON
package import MariaDB
package import OneTimePasswords

/// A whole user on the way into the server or out of it, as the other side has it: nothing in it is checked.
///
/// What a record does not have is not written; ids, times and revisions are kept where it has them.
package struct UserRecord: Sendable {
    /// A UUID as text; empty for a new one.
    package var id = ""
    package var externalID = ""
    package var state = UserState.active
    package var stateReason = ""
    package var stateChange: StateChange?
    package var lockedUntil: Timestamp?
    package var deleteAfter: Timestamp?
    /// The state to go back to when the deletion is undone.
    package var restoreState: UserState?
    package var revision: UInt64 = 0
    package var createdAt: Timestamp?
    package var updatedAt: Timestamp?
    package var identifiers: [Identifier] = []
    /// An object of values by code; nil where the record tells nothing of the profile.
    package var profile: JSONValue?
    package var profileRevision: UInt64 = 0
    package var profileUpdatedAt: Timestamp?
    package var roles: [Membership] = []
    package var groups: [Membership] = []
    /// The 64 bytes by which passkeys name the user.
    package var handle: [UInt8] = []
    package var passkeys: [Passkey] = []
    package var externalLogins: [ExternalLogin] = []
    package var secrets = Secrets()

    package init() {}

    /// Whether the user is locked, or is again once his deletion is undone.
    var isLockedThen: Bool { state == .locked || state == .pendingDeletion && restoreState == .locked }

    /// A name of a user.
    package struct Identifier: Sendable {
        /// nil for a kind that is not known.
        package var kind: IdentifierKind?
        package var value: String
        package var verifiedAt: Timestamp?
        /// Its owner proved it, at a time that is not known.
        package var isVerified = false
        package var isPrimary: Bool
        package var id: String
        package var createdAt: Timestamp?

        package init(
            kind: IdentifierKind?,
            value: String,
            verifiedAt: Timestamp? = nil,
            isPrimary: Bool = false,
            id: String = "",
            createdAt: Timestamp? = nil
        ) {
            self.kind = kind
            self.value = value
            self.verifiedAt = verifiedAt
            self.isPrimary = isPrimary
            self.id = id
            self.createdAt = createdAt
        }
    }

    /// A role or group of a user, by name.
    package struct Membership: Sendable {
        package var name: String
        package var terms: AssignmentTerms
        /// When and by whom it was given; counts from administrators only.
        package var assignedAt: Timestamp?
        package var assignerKind: Assigner.Kind?
        package var assignerID: String

        package init(
            name: String,
            terms: AssignmentTerms = AssignmentTerms(),
            assignedAt: Timestamp? = nil,
            assignerKind: Assigner.Kind? = nil,
            assignerID: String = ""
        ) {
            self.name = name
            self.terms = terms
            self.assignedAt = assignedAt
            self.assignerKind = assignerKind
            self.assignerID = assignerID
        }
    }

    /// A user as a provider knows him.
    package struct ExternalLogin: Sendable {
        package var id = ""
        /// Name of the provider.
        package var provider = ""
        /// Empty: the provider's.
        package var issuer = ""
        package var subject = ""
        package var label = ""
        package var createdAt: Timestamp?
        package var lastUsedAt: Timestamp?

        package init() {}
    }

    /// A passkey of a user, none of which is secret.
    package struct Passkey: Sendable {
        package var id = ""
        package var credentialID: [UInt8] = []
        /// A COSE_Key.
        package var publicKey: [UInt8] = []
        package var relyingPartyID = ""
        package var signatureCount: UInt32 = 0
        package var isUserVerified = false
        package var isBackupEligible = false
        package var isBackedUp = false
        /// 16 bytes; empty where the model is not known.
        package var aaguid: [UInt8] = []
        package var transports: [String] = []
        package var name = ""
        package var createdAt: Timestamp?
        package var lastUsedAt: Timestamp?
        package var suspectedCopyAt: Timestamp?
        /// The handle under which it was registered, where that is not the user's.
        package var handle: [UInt8] = []

        package init() {}
    }
}

extension UserRecord {
    /// What must be known to nobody but the server.
    package struct Secrets: Sendable {
        package var password: Password?
        /// Newest first.
        package var formerPasswords: [Password] = []
        package var totpDevices: [Device] = []
        package var recoveryCodes: [RecoveryCode] = []

        package init() {}

        package var isEmpty: Bool {
            password == nil && formerPasswords.isEmpty && totpDevices.isEmpty && recoveryCodes.isEmpty
        }
    }

    /// A hash of a password.
    package struct Password: Sendable {
        package var record: SecretBytes
        /// 0: no pepper, as in records of other systems.
        package var pepperKeyID: UInt32 = 0
        package var normalization: UInt32 = 0
        package var isShort = false
        package var changedAt: Timestamp?
        package var resetDemandedAt: Timestamp?

        package init(record: SecretBytes) {
            self.record = record
        }
    }

    /// An authenticator app with its key.
    package struct Device: Sendable {
        package var id = ""
        package var secret: SecretBytes
        package var name = ""
        /// nil for a function or numbers that are not known.
        package var parameters: TOTP.Parameters? = .standard
        /// The last step that was used; nil: none was.
        package var lastStep: Int64?
        package var createdAt: Timestamp?
        package var confirmedAt: Timestamp?
        package var lastUsedAt: Timestamp?

        package init(secret: SecretBytes) {
            self.secret = secret
        }
    }

    /// The hash of a recovery code.
    package struct RecoveryCode: Sendable {
        package var id = ""
        package var record: SecretBytes
        package var pepperKeyID: UInt32
        package var lookup: UInt32
        package var createdAt: Timestamp?

        package init(record: SecretBytes, pepperKeyID: UInt32, lookup: UInt32) {
            self.record = record
            self.pepperKeyID = pepperKeyID
            self.lookup = lookup
        }
    }
}
