import MariaDB

extension ServiceAccountFlows {
    /// Writes the given fields; it holds from the account's next call on.
    package func update(
        _ id: ServiceAccountID,
        _ changes: ServiceAccountChanges,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> ServiceAccount {
        let checked = try changes.checked()
        let store = ServiceAccountStore(parts: parts)
        let now = parts.clock.now()
        return try await change(id, .serviceAccountUpdated, expectedRevision: expectedRevision, context) {
            old,
            transaction in
            var account = old
            account.apply(checked)
            guard context.heldScopes.covers(account.scopes) else { throw FlowError.scopeNotHeld }
            guard account != old else { return old }
            account.revision += 1
            account.updatedAt = now
            try store.update(
                account,
                readRevision: old.revision,
                writesCertificateNames: account.certificateNames != old.certificateNames,
                transaction
            )
            return account
        }
    }

    /// What every change goes through: right, guard, lock, revision, authority over the account, audit, a last administrator.
    ///
    /// The guard comes before the account's lock in every transaction, so that no two wait for each other.
    func change<R: Codable & Sendable>(
        _ id: ServiceAccountID,
        _ kind: AuditEventKind,
        expectedRevision: UInt64?,
        _ context: CallContext,
        _ body: @escaping @Sendable (ServiceAccount, Transaction) throws -> R
    ) async throws(FlowError) -> R {
        try context.require(.serviceAccountsWrite)
        let (parts, store) = (parts, ServiceAccountStore(parts: parts))
        return try await parts.mutate(context) { transaction in
            try store.keepingAnAdministrator(transaction) {
                guard let account = try transaction.first(LockServiceAccount(id: id)) else { throw FlowError.notFound }
                if let expectedRevision, expectedRevision != account.revision {
                    throw FlowError.revisionConflict(current: account.revision)
                }
                guard context.heldScopes.covers(account.scopes) else { throw FlowError.scopeNotHeld }
                try Authority(of: context, at: parts.clock.now(), transaction).requireOver(account)
                let result = try body(account, transaction)
                let event = AuditEvent(kind, subjectID: id.bytes, details: account.auditDetails)
                try AuditStore(parts: parts).append(event, context, transaction)
                return result
            }
        }
    }
}

extension ServiceAccount {
    init(_ checked: ServiceAccountChanges.Checked, id: ServiceAccountID, at now: Timestamp) {
        self.init(
            id: id,
            name: "",
            description: "",
            scopes: .none,
            isDisabled: false,
            certificateNames: [],
            tokens: [],
            revision: 1,
            createdAt: now,
            updatedAt: now
        )
        apply(checked)
    }

    /// Writes the fields that are given.
    mutating func apply(_ checked: ServiceAccountChanges.Checked) {
        if let name = checked.name { self.name = name.value }
        if let description = checked.description { self.description = description }
        if let scopes = checked.scopes { self.scopes = scopes }
        if let isDisabled = checked.isDisabled { self.isDisabled = isDisabled }
        if let certificateNames = checked.certificateNames { self.certificateNames = certificateNames }
    }

    /// What the audit trail keeps of a change: the rights that the account had or got.
    var auditDetails: [String: String] {
        ["scopes": scopes.stored, "disabled": "\(isDisabled)", "certificate_names": "\(certificateNames.count)"]
    }
}
