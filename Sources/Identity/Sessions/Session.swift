package import MariaDB

/// One signed-in browser or application.
package struct Session: Sendable, Hashable, Codable {
    package let id: SessionID
    package let userID: UserID
    package let level: AssuranceLevel
    /// How the person proved who they are (RFC 8176 names where they exist).
    package let methods: [String]
    /// What the last proof of identity was worth.
    package let provedKind: FactorKind
    /// Whether it is for repairing the account only: it sets up factors, and does nothing else (SECURITY RC-05).
    package let isRestricted: Bool
    package let sourceAddress: String?
    package let userAgent: String
    package let createdAt: Timestamp
    /// The last proof of identity: sign-in or step-up.
    package let authenticatedAt: Timestamp
    /// Accurate to a minute.
    package let lastUsedAt: Timestamp
    package let idleExpiresAt: Timestamp
    package let expiresAt: Timestamp
    /// The application that it is for; nil: the person's own.
    package var applicationID: ApplicationID?

    /// What the last proof of identity reached by itself: a step-up by one factor keeps the level of the session, and is
    /// no fresh proof of it (SECURITY SU-02).
    package var provedLevel: AssuranceLevel {
        if authenticatedAt == createdAt { return level }
        return provedKind == .multiple ? level : .aal1
    }

    /// Whether a recovery code opened it: it sets up what was lost, without the factor that is.
    var isRecovering: Bool {
        isRestricted && methods.contains(SignInMethodName.recoveryCode.authenticationMethodReference)
    }
}
