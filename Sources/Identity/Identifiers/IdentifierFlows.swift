import MariaDB

/// The names of users: e-mail addresses, phone numbers, user names (PRODUCT section 2).
///
/// Only the proof of an address sets "verified" (SECURITY REC-05); what an administrator puts in waits for it.
package struct IdentifierFlows: Sendable {
    let parts: CoreParts

    /// Names of one user.
    static let maximumPerUser = 20

    /// What a change of names comes to.
    enum Change: Sendable {
        case unchanged
        case changed(AuditEvent)
    }

    /// Gives a user a name that nobody proved; for administrators.
    ///
    /// Throws `.alreadyExists` when another user has it.
    package func add(
        _ kind: IdentifierKind,
        _ value: String,
        to user: UserID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.require(.usersWrite)
        let name = try Self.name(kind, value, field: "value")
        let parts = parts
        return try await change(user, expectedRevision: expectedRevision, context) { user, now, transaction in
            guard kind != .username || !user.identifiers.contains(where: { $0.kind == .username }) else {
                throw FlowError.invalid("kind", .fieldInvalid, "the user has a user name; set another instead")
            }
            let id = try Self.insert(name, verifiedAt: nil, for: user, parts, at: now, transaction)
            if kind != .username {
                try NoticeWriter(parts: parts).tell(user.id, .identifierAdded, context, at: now, transaction)
            }
            return .changed(AuditEvent(.identifierAdded, subjectUser: user.id, subjectID: id.bytes))
        }
    }

    /// Makes a proved address the main one of its kind: one's own, or with `users.write` another's.
    package func makePrimary(
        _ id: IdentifierID,
        of user: UserID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.requireAccess(to: user, .usersWrite)
        return try await change(user, expectedRevision: expectedRevision, context) { user, _, transaction in
            guard let identifier = user.identifiers.first(where: { $0.id == id }) else { throw FlowError.notFound }
            guard !identifier.isPrimary else { return .unchanged }
            guard identifier.verifiedAt != nil else { throw FlowError.identifierUnverified }
            try transaction.execute(SetPrimaryIdentifier(id: id, user: user.id, kind: identifier.kind))
            return .changed(AuditEvent(.identifierMadePrimary, subjectUser: user.id, subjectID: id.bytes))
        }
    }

    /// Takes a name from a user: one's own, or with `users.write` another's.
    ///
    /// The address is told, with a secret that brings it back. Throws `last_way_in` when the user could not sign in any
    /// more, unless an administrator insists.
    package func remove(
        _ id: IdentifierID,
        of user: UserID,
        evenIfLastWayIn insists: Bool = false,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.requireAccess(to: user, .usersWrite)
        let parts = parts
        return try await change(user, expectedRevision: expectedRevision, context) { user, now, transaction in
            guard let identifier = user.identifiers.first(where: { $0.id == id }),
                let canonical = try transaction.first(LockIdentifierKey(id: id, user: user.id))
            else { throw FlowError.notFound }
            let removed = IdentifierUndo.Removed(identifier: identifier, canonical: canonical)
            let writer = IdentifierNotices(parts: parts, context: context, now: now)
            let others = try NoticeWriter(parts: parts).recipients(of: user.id, transaction)
            try Self.delete(removed, of: user, transaction)
            if identifier.verifiedAt != nil || identifier.kind == .username {
                try parts.requireWayInLeft(to: user.id, orAdministratorInsists: insists, context, transaction)
            } else if insists, case .user = context.actor {
                throw FlowError.invalid("even_if_last_way_in", .fieldInvalid, "is for administrators")
            }
            try writer.tellOfRemoval(removed, of: user.id, others: others, transaction)
            return .changed(AuditEvent(.identifierRemoved, subjectUser: user.id, subjectID: id.bytes))
        }
    }

    /// Sets, changes or, with an empty text, removes the user name: one's own, or with `users.write` another's.
    package func setUsername(
        _ text: String,
        of user: UserID,
        evenIfLastWayIn insists: Bool = false,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.requireAccess(to: user, .usersWrite)
        let name = try text.isEmpty ? nil : Self.name(.username, text, field: "username")
        let parts = parts
        return try await change(user, expectedRevision: expectedRevision, context) { user, now, transaction in
            let old = user.identifiers.first { $0.kind == .username }
            // No user name is empty. By bytes: two spellings that look the same may be two.
            guard !(old?.value ?? "").utf8.elementsEqual((name?.value ?? "").utf8) else { return .unchanged }
            if let old { try transaction.execute(DeleteIdentifier(id: old.id, user: user.id)) }
            if let name {
                var without = user
                without.identifiers.removeAll { $0.kind == .username }
                _ = try Self.insert(name, verifiedAt: nil, for: without, field: "username", parts, at: now, transaction)
            } else {
                try parts.requireWayInLeft(to: user.id, orAdministratorInsists: insists, context, transaction)
            }
            try NoticeWriter(parts: parts).tell(user.id, .usernameChanged, context, at: now, transaction)
            return .changed(AuditEvent(.usernameChanged, subjectUser: user.id))
        }
    }
}

extension IdentifierFlows {
    /// Reads a user under a lock, checks right, revision and proof, lets `body` change the names, and writes the event.
    func change(
        _ id: UserID,
        expectedRevision: UInt64?,
        _ context: CallContext,
        _ body: @escaping @Sendable (User, _ now: Timestamp, Transaction) throws -> Change
    ) async throws(FlowError) -> User {
        let parts = parts
        try parts.requireFreshProof(context)
        let user = try await parts.mutate(context) { transaction in
            let now = parts.clock.now()
            guard let user = try UserStore(parts: parts).lock(id, for: context, at: now, transaction) else {
                throw FlowError.notFound
            }
            if let expectedRevision, expectedRevision != user.revision {
                throw FlowError.revisionConflict(current: user.revision)
            }
            guard user.state != .pendingDeletion else { throw FlowError.userStateUnsuitable }
            try parts.requireStrongestProof(context, transaction)
            guard case .changed(let event) = try body(user, now, transaction) else { return user }
            return try Self.finish(user.id, event, parts, context, at: now, transaction)
        }
        parts.outboxSignal.raise()
        return user
    }

    /// Counts and writes down a change; returns the user as it is then.
    static func finish(
        _ user: UserID,
        _ event: AuditEvent,
        _ parts: CoreParts,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> User {
        try transaction.execute(BumpUserRevision(user: user, now: now))
        try parts.textsChanged(of: user, transaction)
        try AuditStore(parts: parts).append(event, context, transaction)
        guard let user = try UserStore(parts: parts).lock(user, at: now, transaction) else { throw FlowError.notFound }
        return user
    }

    /// Reads a name of one kind.
    static func name(_ kind: IdentifierKind, _ text: String, field: String) throws(FlowError) -> LoginName {
        guard let name = LoginName(kind, text) else {
            throw .invalid(field, kind.invalidReason, "not a valid \(kind.noun)")
        }
        return name
    }

    /// Adds a name, the first of its kind as the main one.
    static func insert(
        _ name: LoginName,
        verifiedAt: Timestamp?,
        for user: User,
        isPrimary: Bool = false,
        field: String = "value",
        _ parts: CoreParts,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> IdentifierID {
        guard user.identifiers.count < maximumPerUser else { throw FlowError.tooManyIdentifiers }
        let identifier = UserIdentifier(
            id: parts.makeID(),
            kind: name.kind,
            value: name.value,
            verifiedAt: verifiedAt,
            isPrimary: isPrimary || !user.identifiers.contains { $0.kind == name.kind }
        )
        let insert = InsertIdentifier(identifier: identifier, user: user.id, canonical: name.canonical, now: now)
        guard try transaction.insertIfNew(insert, index: "user_identifiers_canonical") else {
            throw FlowError.identifierTaken(name.kind, field: field)
        }
        return identifier.id
    }

    /// Takes a name away; the next of its kind becomes the main one, a proved one first.
    static func delete(_ removed: IdentifierUndo.Removed, of user: User, _ transaction: Transaction) throws {
        let identifier = removed.identifier
        try transaction.execute(DeleteIdentifier(id: identifier.id, user: user.id))
        try transaction.execute(DeleteFlowsForName(kind: identifier.kind, canonical: removed.canonical))
        guard identifier.isPrimary else { return }
        let rest = user.identifiers.filter { $0.kind == identifier.kind && $0.id != identifier.id }
        guard let next = rest.first(where: { $0.verifiedAt != nil }) ?? rest.first else { return }
        try transaction.execute(SetPrimaryIdentifier(id: next.id, user: user.id, kind: identifier.kind))
    }
}

extension FlowError {
    static let tooManyIdentifiers = FlowError(
        .failedPrecondition,
        reason: .tooManyIdentifiers,
        message: "a user has at most \(IdentifierFlows.maximumPerUser) identifiers"
    )

    static let identifierUnverified = FlowError(
        .failedPrecondition,
        reason: .identifierUnverified,
        message: "the address has to be proved first"
    )

    static func identifierTaken(_ kind: IdentifierKind, field: String) -> FlowError {
        FlowError(
            .alreadyExists,
            reason: .identifierTaken,
            message: "\(field): another user has this \(kind.noun)",
            field: field
        )
    }
}
