package import MariaDB

/// The rows of users and their names; every method runs in the caller's transaction.
package struct UserStore: Sendable {
    let parts: CoreParts

    package init(parts: CoreParts) {
        self.parts = parts
    }

    /// Adds an active user with these names; each `verifiedAt` says whether its owner proved it.
    ///
    /// Throws `.alreadyExists` naming the identifier (`field`) that another user has.
    package func insert(
        _ names: [(name: LoginName, verifiedAt: Timestamp?)],
        externalID: String?,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> User {
        var kinds: Set<IdentifierKind> = []
        let identifiers = names.enumerated().map { index, name in
            let (name, verifiedAt) = name
            return UserIdentifier(
                // They are shown in the order of their ids: that in which they were given.
                id: IdentifierID.make(at: now + .microseconds(index), random: parts.random),
                kind: name.kind,
                value: name.value,
                verifiedAt: verifiedAt,
                isPrimary: kinds.insert(name.kind).inserted
            )
        }
        let user = User(
            id: parts.makeID(),
            state: .active,
            stateReason: "",
            lockedUntil: nil,
            deleteAfter: nil,
            externalID: externalID,
            identifiers: identifiers,
            revision: 1,
            createdAt: now,
            updatedAt: now
        )
        try insert(user, transaction)
        for (index, (name, identifier)) in zip(names, identifiers).enumerated() {
            try insert(identifier, name.name, index: index, of: user, transaction)
        }
        try parts.textsChanged(of: user.id, transaction)
        return user
    }

    /// The user who has this name, with the state as of `now`; nil when nobody has.
    package func find(_ name: LoginName, at now: Timestamp, _ transaction: Transaction) throws -> User? {
        try transaction.first(UserByName(kind: name.kind, canonical: name.canonical))?.user.effective(at: now)
    }

    /// A user by id, locked until the transaction ends, with the state as of `now`.
    package func lock(_ id: UserID, at now: Timestamp, _ transaction: Transaction) throws -> User? {
        try transaction.first(LockUser(id: id))?.user.effective(at: now)
    }

    /// The same for whoever acts on the user: refused to an actor who has not all that the user has (SECURITY ADM-03).
    func lock(
        _ id: UserID,
        for context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> User? {
        guard let user = try lock(id, at: now, transaction) else { return nil }
        try parts.requireAuthority(over: id, context, transaction)
        return user
    }

    /// Notes that its owner proved a name; false when that was known.
    package func verify(
        _ identifier: IdentifierID,
        of user: UserID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Bool {
        guard try transaction.execute(VerifyIdentifier(id: identifier, user: user, now: now)) == 1 else { return false }
        try transaction.execute(BumpUserRevision(user: user, now: now))
        return true
    }

    /// Ends what a user has under way: sessions, sign-ins, codes, recognised devices (SECURITY SE-07).
    ///
    /// Returns the number of sessions.
    func endEverything(of user: UserID, _ transaction: Transaction) throws -> UInt64 {
        try transaction.execute(DeleteFlowsForNamesOfUser(user: user))
        try transaction.execute(DeleteFlowsOfUser(user: user))
        try transaction.execute(DeleteDevicesOfUser(user: user))
        try transaction.execute(DeleteClaimOfUser(user: user))
        return try transaction.execute(DeleteSessionsOfUser(user: user))
    }

    /// Removes a user and everything that names the person; the audit trail keeps the id.
    func erase(_ user: UserID, _ transaction: Transaction) throws {
        _ = try endEverything(of: user, transaction)
        try transaction.execute(DeleteThrottlesOfUser(user: user))
        try transaction.execute(DeleteMessagesOfUser(user: user))
        try transaction.execute(ForgetAnswersAboutUser(user: user))
        try transaction.execute(DeleteInvitationsToUser(user: user))
        try transaction.execute(DeleteUserRow(user: user))
        try parts.textsErased(of: user, transaction)
    }

    private func insert(_ user: User, _ transaction: Transaction) throws {
        let statement = InsertUser(user: user, externalID: user.externalID.flatMap(ExternalID.init))
        try transaction.execute(statement, orOnDuplicate: "users_external_id", throw: .externalIDTaken)
    }

    private func insert(
        _ identifier: UserIdentifier,
        _ name: LoginName,
        index: Int,
        of user: User,
        _ transaction: Transaction
    ) throws {
        let statement = InsertIdentifier(
            identifier: identifier,
            user: user.id,
            canonical: name.canonical,
            now: user.createdAt
        )
        guard try transaction.insertIfNew(statement, index: "user_identifiers_canonical") else {
            throw FlowError.identifierTaken(name.kind, index: index)
        }
    }
}

extension FlowError {
    static let externalIDTaken = FlowError(
        .alreadyExists,
        reason: .externalIDTaken,
        message: "another user has this external id",
        field: "external_id"
    )

    static func identifierTaken(_ kind: IdentifierKind, index: Int) -> FlowError {
        FlowError(
            .alreadyExists,
            reason: .identifierTaken,
            message: "identifiers[\(index)]: another user has this \(kind.noun)",
            field: "identifiers[\(index)]"
        )
    }
}
