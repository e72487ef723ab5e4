/// What the stored options say of user verification (Level 3 section 5.8.6).
package enum UserVerification: String, Sendable, Hashable, CaseIterable {
    case required, preferred, discouraged
}

/// What a registration must answer to: the options as they were stored when it began.
///
/// Nothing in it may come from the request that finishes the ceremony (SECURITY WO-01).
package struct RegistrationExpectation: Sendable {
    package let relyingParty: RelyingParty
    /// The challenge that was sent, at least 16 bytes.
    package let challenge: [UInt8]
    /// The handle of the account the credential is for; nobody else gets it.
    package let userHandle: [UInt8]
    package let userVerification: UserVerification
    /// The algorithms that were offered.
    package let algorithms: [COSEAlgorithm]
    /// Whether the browser was asked to create the passkey without a prompt of its own.
    package let isConditional: Bool
    /// Whether keys that may leave their device are welcome.
    package let allowsBackup: Bool
    package let attestation: AttestationPolicy

    package init(
        relyingParty: RelyingParty,
        challenge: [UInt8],
        userHandle: [UInt8],
        userVerification: UserVerification,
        algorithms: [COSEAlgorithm],
        isConditional: Bool = false,
        allowsBackup: Bool = true,
        attestation: AttestationPolicy
    ) {
        self.relyingParty = relyingParty
        self.challenge = challenge
        self.userHandle = userHandle
        self.userVerification = userVerification
        self.algorithms = algorithms
        self.isConditional = isConditional
        self.allowsBackup = allowsBackup
        self.attestation = attestation
    }
}

/// What an authentication must answer to: the options as they were stored when it began.
package struct AuthenticationExpectation: Sendable {
    /// Whether we knew whom we asked.
    package enum User: Sendable, Hashable {
        /// The account with this handle was identified before.
        case known(handle: [UInt8])
        /// The credential itself tells who it is.
        case unknown
    }

    package let relyingParty: RelyingParty
    /// The challenge that was sent, at least 16 bytes.
    package let challenge: [UInt8]
    package let user: User
    package let userVerification: UserVerification
    /// The identifiers that were offered; empty when any was welcome.
    package let allowedCredentials: [[UInt8]]

    package init(
        relyingParty: RelyingParty,
        challenge: [UInt8],
        user: User,
        userVerification: UserVerification,
        allowedCredentials: [[UInt8]] = []
    ) {
        self.relyingParty = relyingParty
        self.challenge = challenge
        self.user = user
        self.userVerification = userVerification
        self.allowedCredentials = allowedCredentials
    }
}

/// A credential as the store knows it.
package struct StoredCredential: Sendable, Hashable {
    package let id: [UInt8]
    /// The handle of the account it belongs to.
    package let userHandle: [UInt8]
    package let publicKey: CredentialPublicKey
    /// The count of its last assertion.
    package let signatureCount: UInt32
    /// The flag BE it was registered with.
    package let isBackupEligible: Bool

    package init(
        id: [UInt8],
        userHandle: [UInt8],
        publicKey: CredentialPublicKey,
        signatureCount: UInt32,
        isBackupEligible: Bool
    ) {
        self.id = id
        self.userHandle = userHandle
        self.publicKey = publicKey
        self.signatureCount = signatureCount
        self.isBackupEligible = isBackupEligible
    }
}
