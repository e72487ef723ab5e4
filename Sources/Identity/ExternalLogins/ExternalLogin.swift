package import MariaDB

/// Somebody as a provider knows him, who signs in here as a user.
package struct ExternalLogin: Sendable, Hashable, Codable {
    package let id: ExternalLoginID
    package let userID: UserID
    package let providerID: ExternalProviderID
    package let provider: ProviderButton
    /// Whether it opens the account now.
    package let isProviderEnabled: Bool
    package let issuer: String
    package let subject: String
    /// What its owner recognises it by: an address or name at the provider, as it was last.
    package let label: String
    package let createdAt: Timestamp
    package let lastUsedAt: Timestamp?
}

/// What came of coming back from a provider.
package enum ExternalOutcome: Sendable {
    /// It was for signing in or confirming a session.
    case signIn(SignInOutcome)
    /// It was for linking.
    case linked(ExternalLogin)
    case refused(ExternalRefusal)
}

/// Why coming back from a provider led nowhere.
package enum ExternalRefusal: String, Sendable, Hashable, CaseIterable {
    /// The state is unknown, used, another browser's or another provider's, or its time is over.
    case over
    /// The person, or the provider, said no there.
    case denied
    /// What the provider sent breaks a rule.
    case failed
    /// The provider does not answer.
    case unavailable
    /// Nobody signs in with this login, and it makes no account: one text for whatever the reason is, since an address that
    /// somebody has here is nobody else's business (SECURITY EN-01).
    case unknown
    /// It belongs to another account.
    case taken
}

/// A browser on its way to a provider.
package struct StartedExternal: Sendable {
    /// Where it is sent.
    package let url: String
    package let expiresAt: Timestamp
    /// The sign-in that goes on when it comes back; nil when it was there before, and for linking.
    package let signIn: StartedSignIn?
}
