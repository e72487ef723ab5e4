import Cryptography
import MariaDB
package import OpenIDConnect
import OutboundHTTP

/// What can be asked of and done to providers, as data: a change holds from the next sign-in on, on every node.
package struct ProviderFlows: Sendable {
    let parts: CoreParts

    private var secrets: ProviderSecrets { ProviderSecrets(keyRing: parts.keyRing) }

    /// One by id.
    package func get(_ id: ExternalProviderID, _ context: CallContext) async throws(FlowError) -> ExternalProvider {
        try context.require(.providersRead)
        guard let row = try await parts.read(context, { try $0.first(ProviderByID(id: id)) }) else { throw .notFound }
        return row.provider
    }

    /// The one of a name.
    package func find(name: String, _ context: CallContext) async throws(FlowError) -> ExternalProvider {
        try context.require(.providersRead)
        guard let row = try await parts.read(context, { try $0.first(ProviderByName(name: name)) }) else {
            throw .notFound
        }
        return row.provider
    }

    /// A page of all, in the order of their creation.
    package func list(
        _ request: PageRequest,
        _ context: CallContext
    ) async throws(FlowError) -> Page<ExternalProvider> {
        try context.require(.providersRead)
        let limit = try request.limit()
        let tokens = PageTokens(keyRing: parts.keyRing)
        let after: ExternalProviderID = try tokens.position(request, list: "providers", caller: context) ?? .zero
        let rows = try await parts.read(context) { transaction in
            try transaction.all(ListProviders(after: after, limit: limit + 1))
        }
        return tokens.page(of: rows.map(\.provider), limit: limit, list: "providers", caller: context) { $0.id.bytes }
    }

    /// Makes a provider from a preset and what is given beside it; it is off until it is switched on.
    package func create(
        name: String,
        preset: ProviderPreset,
        _ changes: ProviderChanges,
        _ context: CallContext
    ) async throws(FlowError) -> ExternalProvider {
        try context.require(.providersWrite)
        let name = try ProviderName.checked(name)
        let (parts, secrets) = (parts, secrets)
        return try await parts.mutate(context) { transaction in
            let now = parts.clock.now()
            let blank = ExternalProvider(
                id: parts.makeID(),
                name: name,
                displayName: preset.displayName.isEmpty ? name : preset.displayName,
                preset: preset,
                settings: preset.settings,
                isEnabled: false,
                hasSecret: false,
                revision: 1,
                createdAt: now,
                updatedAt: now
            )
            let provider = try Self.applied(changes, to: blank, admitting: parts)
            let sealed = try changes.secret.map { try secrets.seal($0, of: provider.id) }
            let insert = InsertProvider(provider: provider, secret: sealed)
            try transaction.execute(insert, orOnDuplicate: "external_providers_name", throw: .providerNameTaken)
            let event = AuditEvent(.providerCreated, subjectID: provider.id.bytes, details: provider.auditDetails)
            try AuditStore(parts: parts).append(event, context, transaction)
            return provider
        }
    }

    /// Writes the given fields; whoever is on his way to the provider begins again (SECURITY OI-13).
    package func update(
        _ id: ExternalProviderID,
        _ changes: ProviderChanges,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> ExternalProvider {
        try context.require(.providersWrite)
        let (parts, secrets) = (parts, secrets)
        return try await parts.mutate(context) { transaction in
            let row = try Self.lock(id, expectedRevision, transaction)
            var provider = try Self.applied(changes, to: row.provider, admitting: parts)
            guard provider != row.provider || changes.secret != nil else { return provider }
            provider.revision += 1
            provider.updatedAt = parts.clock.now()
            let sealed = try changes.secret.map { try secrets.seal($0, of: id) } ?? row.secret
            try transaction.execute(UpdateProvider(provider: provider, secret: sealed))
            var event = AuditEvent(.providerUpdated, subjectID: id.bytes, details: provider.auditDetails)
            event.details["secret_changed"] = "\(changes.secret != nil)"
            try AuditStore(parts: parts).append(event, context, transaction)
            return provider
        }
    }

    /// Removes a provider; one that people sign in with only when that is said, and their logins go with it.
    package func delete(
        _ id: ExternalProviderID,
        evenIfUsed: Bool = false,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) {
        try context.require(.providersWrite)
        let parts = parts
        _ = try await parts.mutate(context) { transaction in
            let row = try Self.lock(id, expectedRevision, transaction)
            guard try evenIfUsed || transaction.first(IsProviderUsed(provider: id)) != true else {
                throw FlowError.providerUsed
            }
            let logins = try transaction.execute(DeleteLoginsOfProvider(provider: id))
            try transaction.execute(DeleteProvider(id: id))
            var event = AuditEvent(.providerDeleted, subjectID: id.bytes, details: row.provider.auditDetails)
            event.details["logins_removed"] = "\(logins)"
            try AuditStore(parts: parts).append(event, context, transaction)
            return Done()
        }
    }

    private static func lock(
        _ id: ExternalProviderID,
        _ expectedRevision: UInt64?,
        _ transaction: Transaction
    ) throws -> ProviderRow {
        guard let row = try transaction.first(LockProvider(id: id)) else { throw FlowError.notFound }
        if let expectedRevision, expectedRevision != row.provider.revision {
            throw FlowError.revisionConflict(current: row.provider.revision)
        }
        return row
    }

    /// The provider after the changes; all that is wrong with them is told at once.
    private static func applied(
        _ changes: ProviderChanges,
        to provider: ExternalProvider,
        admitting parts: CoreParts
    ) throws(FlowError) -> ExternalProvider {
        var provider = provider
        if let name = changes.displayName {
            provider.displayName = try UniqueName.checked(name, field: "display_name").value
        }
        changes.settings?(&provider.settings)
        if let isEnabled = changes.isEnabled { provider.isEnabled = isEnabled }
        if changes.secret != nil { provider.hasSecret = true }
        var problems = provider.settings.problems(admitting: parts.http.admits).map { problem in
            FlowError.FieldProblem(field: problem.setting, reason: .fieldInvalid, description: problem.sentence)
        }
        if provider.displayName.unicodeScalars.count > 100 {
            problems.append(.init(field: "display_name", reason: .fieldTooLong, description: "at most 100 characters"))
        }
        if let secret = changes.secret, !fits(secret, provider.settings) {
            let usesKey = provider.settings.authentication.usesKey
            let sentence =
                usesKey ? "must be a private key in PEM without a passphrase" : "must have 1 to 4096 characters"
            problems.append(.init(field: "client_secret", reason: .fieldInvalid, description: sentence))
        }
        if provider.isEnabled, !provider.hasSecret {
            problems.append(
                .init(field: "client_secret", reason: .fieldRequired, description: "is needed to switch it on")
            )
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        return provider
    }

    private static func fits(_ secret: SecretBytes, _ settings: ProviderSettings) -> Bool {
        guard settings.authentication.usesKey else { return (1...4096).contains(secret.count) }
        return (try? SigningKey(pem: secret)) != nil
    }
}

extension ExternalProvider {
    /// What the audit trail keeps of a change; nothing of it is secret.
    var auditDetails: [String: String] {
        ["name": name, "enabled": "\(isEnabled)", "issuer": settings.issuer, "client_id": settings.clientID]
    }
}

extension FlowError {
    static let providerNameTaken = FlowError(
        .alreadyExists,
        reason: .providerNameTaken,
        message: "another provider has this name",
        field: "name"
    )

    static let providerUsed = FlowError(
        .failedPrecondition,
        reason: .providerUsed,
        message: "people sign in with this provider; switch it off, or say that their logins go with it"
    )

    /// The provider is off, or there is none of the name.
    static let providerOff = FlowError(
        .failedPrecondition,
        reason: .providerOff,
        message: "nobody can sign in with this provider now"
    )
}
