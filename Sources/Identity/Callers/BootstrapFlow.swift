package import Cryptography
import MariaDB

/// Makes the first administrator, once for a database, and another one when nobody is left who could.
///
/// Both need the server's own context: whoever can run them has the database and the key ring.
package struct BootstrapFlow: Sendable {
    let parts: CoreParts

    /// A service account with all rights and a token of 90 days; `.failedPrecondition` when it was done before.
    package func run(
        name: String = "administrator",
        _ context: CallContext
    ) async throws(FlowError) -> (account: ServiceAccount, secret: SecretBytes) {
        guard case .system = context.actor else { throw .permissionMissing }
        let checked = try ServiceAccountChanges(name: name, description: "", scopes: ["*"]).checked()
        let parts = parts
        return try await parts.transaction(context) { transaction in
            let now = parts.clock.now()
            guard try transaction.insertIfNew(InsertOnce(name: "bootstrapped", now: now)) else {
                throw FlowError.alreadyBootstrapped
            }
            let account = ServiceAccount(checked, id: parts.makeID(), at: now)
            return try add(account, .bootstrapped, context, transaction)
        }
    }

    /// A new administrator, as `run` makes it, for a database whose administrators have no credential left.
    ///
    /// `.failedPrecondition` as long as any enabled account with all rights has a token that is not over or a certificate
    /// name. Nothing that was taken away comes back: disabled accounts stay disabled, and the new one has a name of its own.
    package func recover(
        _ context: CallContext
    ) async throws(FlowError) -> (account: ServiceAccount, secret: SecretBytes) {
        guard case .system = context.actor else { throw .permissionMissing }
        let parts = parts
        return try await parts.transaction(context) { transaction in
            let now = parts.clock.now()
            // Others who take away, recover, or make the first administrator at this moment wait, or are waited for; only
            // then is looked at who is left.
            try transaction.execute(TakeAdministratorGuard())
            _ = try transaction.insertIfNew(InsertOnce(name: "bootstrapped", now: now))
            guard try transaction.first(FindUsableAdministrator(now: now)) == nil else {
                throw FlowError.administratorPresent
            }
            let id = parts.makeID(ServiceAccountID.self)
            let changes = ServiceAccountChanges(name: "administrator-\(id)", description: "recovered", scopes: ["*"])
            let account = ServiceAccount(try changes.checked(), id: id, at: now)
            return try add(account, .administratorRecovered, context, transaction)
        }
    }

    private func add(
        _ administrator: ServiceAccount,
        _ kind: AuditEventKind,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> (account: ServiceAccount, secret: SecretBytes) {
        let store = ServiceAccountStore(parts: parts)
        var account = administrator
        try store.insert(account, transaction)
        let lifetime = Duration.seconds(90 * 86_400)
        let issued = try store.makeToken(for: account.id, lifetime: lifetime, at: account.createdAt, transaction)
        account.tokens = [issued.token]
        let event = AuditEvent(kind, subjectID: account.id.bytes)
        try AuditStore(parts: parts).append(event, context, transaction)
        return (account: account, secret: issued.secret)
    }
}

extension FlowError {
    static let alreadyBootstrapped = FlowError(
        .failedPrecondition,
        reason: .alreadyBootstrapped,
        message: "the first administrator was made before"
    )

    static let administratorPresent = FlowError(
        .failedPrecondition,
        reason: .administratorPresent,
        message: "an enabled administrator still has a token or a certificate name"
    )
}
