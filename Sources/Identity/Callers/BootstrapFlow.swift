package import Cryptography
import MariaDB

/// Makes the first administrator, once for a database.
package struct BootstrapFlow: Sendable {
    let parts: CoreParts

    /// A service account with all rights and a token of 90 days; `.failedPrecondition` when it was done before.
    package func run(
        name: String = "administrator",
        _ context: CallContext
    ) async throws(FlowError) -> (account: ServiceAccount, secret: SecretBytes) {
        guard case .system = context.actor else { throw .permissionMissing }
        let checked = try ServiceAccountChanges(name: name, description: "", scopes: ["*"]).checked()
        let (parts, store) = (parts, ServiceAccountStore(parts: parts))
        let made = try await parts.transaction(context) { transaction in
            let now = parts.clock.now()
            guard try transaction.insertIfNew(InsertOnce(name: "bootstrapped", now: now)) else {
                throw FlowError.alreadyBootstrapped
            }
            var account = ServiceAccount(checked, id: parts.makeID(), at: now)
            try store.insert(account, transaction)
            let issued = try store.makeToken(for: account.id, lifetime: .seconds(90 * 86_400), at: now, transaction)
            account.tokens = [issued.token]
            let event = AuditEvent(.bootstrapped, subjectID: account.id.bytes)
            try AuditStore(parts: parts).append(event, context, transaction)
            return (account: account, secret: issued.secret)
        }
        return made
    }
}

extension FlowError {
    static let alreadyBootstrapped = FlowError(
        .failedPrecondition,
        reason: .alreadyBootstrapped,
        message: "the first administrator was made before"
    )
}
