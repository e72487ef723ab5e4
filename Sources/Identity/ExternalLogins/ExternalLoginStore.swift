import MariaDB
import OpenIDConnect

/// The rows of logins; every method runs in the caller's transaction.
struct ExternalLoginStore: Sendable {
    let parts: CoreParts

    /// Whose login it is: by issuer and subject, and by nothing else (SECURITY OI-09).
    func lock(
        _ person: ExternalPerson,
        of provider: ExternalProvider,
        _ transaction: Transaction
    ) throws -> ExternalLogin? {
        try transaction.first(
            LockExternalSubject(provider: provider.id, issuer: person.issuer, subject: person.subject)
        )
    }

    /// Gives a login to a user, who is told.
    ///
    /// Throws `RegistrationRace` when somebody else was faster.
    func add(
        _ person: ExternalPerson,
        of provider: ExternalProvider,
        to user: UserID,
        at now: Timestamp,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> ExternalLogin {
        let login = ExternalLogin(
            id: parts.makeID(),
            userID: user,
            providerID: provider.id,
            provider: provider.button,
            isProviderEnabled: provider.isEnabled,
            issuer: person.issuer,
            subject: person.subject,
            label: person.label,
            createdAt: now,
            lastUsedAt: nil
        )
        guard try transaction.insertIfNew(InsertExternalLogin(login: login), index: "external_logins_subject") else {
            throw RegistrationRace()
        }
        let change = AuthenticatorChange(.externalLinked, .authenticatorAdded, user: user, id: login.id.bytes)
        try change.write(parts, context, at: now, transaction)
        return login
    }
}
