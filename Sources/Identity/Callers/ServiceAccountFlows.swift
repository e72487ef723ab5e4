import Cryptography
import MariaDB

/// What can be asked of and done to service accounts.
///
/// Nobody gives, or lays hands on, rights that he does not hold.
package struct ServiceAccountFlows: Sendable {
    let parts: CoreParts

    private var store: ServiceAccountStore { ServiceAccountStore(parts: parts) }

    /// One service account with what is known of its tokens.
    package func get(_ id: ServiceAccountID, _ context: CallContext) async throws(FlowError) -> ServiceAccount {
        try context.require(.serviceAccountsRead)
        guard let account = try await parts.read(context, { try $0.first(ServiceAccountByID(id: id)) }) else {
            throw .notFound
        }
        return account
    }

    /// A page of all, in the order of their creation.
    package func list(_ request: PageRequest, _ context: CallContext) async throws(FlowError) -> Page<ServiceAccount> {
        try context.require(.serviceAccountsRead)
        let limit = try request.limit()
        let tokens = PageTokens(keyRing: parts.keyRing)
        let after: ServiceAccountID =
            try tokens.position(request, list: "service_accounts", caller: context) ?? .zero
        let accounts = try await parts.read(context) { transaction in
            try transaction.all(ListServiceAccounts(after: after, limit: limit + 1))
        }
        return tokens.page(of: accounts, limit: limit, list: "service_accounts", caller: context) { $0.id.bytes }
    }

    /// Makes a service account without a token.
    package func create(
        name: String,
        description: String,
        scopes: [String],
        certificateNames: [String],
        _ context: CallContext
    ) async throws(FlowError) -> ServiceAccount {
        try context.require(.serviceAccountsWrite)
        let changes = ServiceAccountChanges(
            name: name,
            description: description,
            scopes: scopes,
            certificateNames: certificateNames
        )
        let checked = try changes.checked()
        guard context.heldScopes.covers(checked.scopes ?? .none) else { throw .scopeNotHeld }
        let (store, parts) = (store, parts)
        return try await parts.mutate(context) { transaction in
            let account = ServiceAccount(checked, id: parts.makeID(), at: parts.clock.now())
            try store.insert(account, transaction)
            let event = AuditEvent(.serviceAccountCreated, subjectID: account.id.bytes, details: account.auditDetails)
            try AuditStore(parts: parts).append(event, context, transaction)
            return account
        }
    }

    /// Removes one with its tokens; the last who has all rights stays.
    package func delete(
        _ id: ServiceAccountID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) {
        _ = try await change(id, .serviceAccountDeleted, expectedRevision: expectedRevision, context) {
            account,
            transaction in
            try transaction.execute(DeleteServiceAccount(id: account.id))
            return Done()
        }
    }

    /// Makes a token of 1 to 366 days (0: 90).
    ///
    /// At most two live at a time: make the new one, deploy it, revoke the old.
    package func createToken(
        _ id: ServiceAccountID,
        lifetimeDays: UInt32,
        _ context: CallContext
    ) async throws(FlowError) -> IssuedServiceToken {
        guard lifetimeDays <= 366 else { throw .invalid("lifetime_days", .fieldInvalid, "1 to 366; 0 means 90") }
        let lifetime = Duration.seconds(86_400 * Int64(lifetimeDays == 0 ? 90 : lifetimeDays))
        let (store, parts) = (store, parts)
        return try await change(id, .serviceTokenCreated, expectedRevision: nil, context) { account, transaction in
            let now = parts.clock.now()
            for token in account.tokens where token.expiresAt <= now {
                try transaction.execute(DeleteServiceToken(id: token.id, account: account.id))
            }
            guard account.tokens.count(where: { $0.expiresAt > now }) < ServiceAccountStore.maximumLiveTokens else {
                throw FlowError.tooManyTokens
            }
            try store.touch(account, at: now, transaction)
            return try store.makeToken(for: account.id, lifetime: lifetime, at: now, transaction)
        }
    }

    /// Ends a token at once; ending one that is over succeeds.
    package func revokeToken(
        _ id: ServiceAccountID,
        _ tokenID: ServiceTokenID,
        _ context: CallContext
    ) async throws(FlowError) {
        let (store, parts) = (store, parts)
        _ = try await change(id, .serviceTokenRevoked, expectedRevision: nil, context) { account, transaction in
            try transaction.execute(DeleteServiceToken(id: tokenID, account: account.id))
            try store.touch(account, at: parts.clock.now(), transaction)
            return Done()
        }
    }
}

extension FlowError {
    static let scopeNotHeld = FlowError(
        .permissionDenied,
        reason: .scopeNotHeld,
        message: "nobody can give, or change who has, a scope that he does not hold"
    )

    static let tooManyTokens = FlowError(
        .failedPrecondition,
        reason: .tooManyTokens,
        message: "two tokens are live; revoke one first"
    )
}
