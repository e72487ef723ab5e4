import MariaDB

/// What can be asked of and done to applications.
package struct ApplicationFlows: Sendable {
    let parts: CoreParts

    /// One by id.
    package func get(_ id: ApplicationID, _ context: CallContext) async throws(FlowError) -> Application {
        try context.require(.applicationsRead)
        guard let application = try await parts.find(ApplicationByID.self, id, context) else { throw .notFound }
        return application
    }

    /// What people know one by, for somebody who is signed in: who has a session of it was led there under that name.
    ///
    /// Nil for one that is gone.
    package func name(of id: ApplicationID, _ context: CallContext) async throws(FlowError) -> String? {
        _ = try context.requirePerson()
        return try await parts.find(ApplicationByID.self, id, context)?.name
    }

    /// A page of all, in the order of their creation.
    package func list(_ request: PageRequest, _ context: CallContext) async throws(FlowError) -> Page<Application> {
        try context.require(.applicationsRead)
        let limit = try request.limit()
        let tokens = PageTokens(keyRing: parts.keyRing)
        let after: ApplicationID = try tokens.position(request, list: "applications", caller: context) ?? .zero
        let found = try await parts.read(context) { transaction in
            try transaction.all(ListApplications(after: after, limit: limit + 1))
        }
        return tokens.page(of: found, limit: limit, list: "applications", caller: context) { $0.id.bytes }
    }

    /// Registers an application; it needs a name and an address to return to.
    package func create(_ fields: ApplicationChanges, _ context: CallContext) async throws(FlowError) -> Application {
        try context.require(.applicationsWrite)
        let checked = try fields.checked()
        guard checked.name != nil else { throw .invalid("name", .fieldRequired, "a name is needed") }
        guard checked.returnAddresses != nil else {
            throw .invalid("return_addresses", .fieldRequired, "at least one address is needed")
        }
        let parts = parts
        return try await parts.mutate(context) { transaction in
            let application = Application(checked, id: parts.makeID(), at: parts.clock.now())
            try requireRedeemer(application, transaction)
            let insert = InsertApplication(application: application)
            try transaction.execute(insert, orOnDuplicate: "applications_name", throw: .applicationNameTaken)
            try append(.applicationCreated, application, context, transaction)
            return application
        }
    }

    /// Writes the given fields; when it is disabled, its sessions end at once (SECURITY SE-07).
    package func update(
        _ id: ApplicationID,
        _ changes: ApplicationChanges,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> Application {
        try context.require(.applicationsWrite)
        let checked = try changes.checked()
        let parts = parts
        return try await parts.mutate(context) { transaction in
            let old = try Self.lock(id, expectedRevision, transaction)
            var application = old
            application.apply(checked)
            guard application != old else { return old }
            application.revision += 1
            application.updatedAt = parts.clock.now()
            if application.serviceAccountID != old.serviceAccountID { try requireRedeemer(application, transaction) }
            let update = UpdateApplication(application: application)
            try transaction.execute(update, orOnDuplicate: "applications_name", throw: .applicationNameTaken)
            // Whoever redeems a ticket now waits for this transaction, and then finds it disabled.
            if !application.isServed { try transaction.execute(DeleteSessionsOfApplication(application: id)) }
            try append(.applicationUpdated, application, context, transaction)
            return application
        }
    }

    /// Removes one with its tickets and sessions.
    package func delete(
        _ id: ApplicationID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) {
        try context.require(.applicationsWrite)
        _ = try await parts.mutate(context) { transaction in
            let application = try Self.lock(id, expectedRevision, transaction)
            try transaction.execute(DeleteApplication(id: id))
            try append(.applicationDeleted, application, context, transaction)
            return Done()
        }
    }

    private static func lock(
        _ id: ApplicationID,
        _ expectedRevision: UInt64?,
        _ transaction: Transaction
    ) throws -> Application {
        guard let application = try transaction.first(LockApplication(id: id)) else { throw FlowError.notFound }
        if let expectedRevision, expectedRevision != application.revision {
            throw FlowError.revisionConflict(current: application.revision)
        }
        return application
    }

    /// Refuses an account that is not there.
    private func requireRedeemer(_ application: Application, _ transaction: Transaction) throws {
        guard let account = application.serviceAccountID else { return }
        guard try transaction.first(ServiceAccountByID(id: account)) != nil else {
            throw FlowError.invalid("service_account_id", .fieldInvalid, "must be the id of a service account")
        }
    }

    private func append(
        _ kind: AuditEventKind,
        _ application: Application,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws {
        let event = AuditEvent(kind, subjectID: application.id.bytes, details: application.auditDetails)
        try AuditStore(parts: parts).append(event, context, transaction)
    }
}

extension FlowError {
    static let applicationNameTaken = FlowError(
        .alreadyExists,
        reason: .applicationNameTaken,
        message: "another application has this name",
        field: "name"
    )
}
