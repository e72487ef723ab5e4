import MariaDB

extension UserFlows {
    /// Makes two accounts of one person one: the target has what both had, and the source is erased.
    ///
    /// In one transaction, by an administrator who knows that they are one person's; never by what they have in common.
    /// All sessions of both end. Throws `.invalidInput` naming every choice that has to be made, and
    /// `.revisionConflict` when either account was changed since.
    package func merge(
        _ source: UserID,
        into target: UserID,
        _ choices: MergeChoices,
        expectedSourceRevision: UInt64? = nil,
        expectedTargetRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.require(.usersWrite)
        guard source != target else {
            throw .invalid("target_user_id", .fieldInvalid, "must be another user than the source")
        }
        let parts = parts
        let user = try await parts.mutate(context) { transaction in
            let now = parts.clock.now()
            // Before any user is locked, as every change of membership takes it.
            try transaction.execute(TakeMembershipGuard())
            var users: [UserID: User] = [:]
            // In one order, whichever is the source: two merges never wait for each other.
            for id in [source, target].sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
                users[id] = try UserStore(parts: parts).lock(id, for: context, at: now, transaction)
            }
            guard let from = users[source], let to = users[target] else { throw FlowError.notFound }
            for (user, expected) in [(from, expectedSourceRevision), (to, expectedTargetRevision)] {
                if let expected, expected != user.revision {
                    throw FlowError.revisionConflict(current: user.revision)
                }
                // A merge lets nobody in who was shut out.
                guard user.state == .active else { throw FlowError.userStateUnsuitable }
            }
            let merge = AccountMerge(parts: parts, source: from, target: to, choices: choices, now: now)
            try merge.requireChoices(transaction)
            let authority = try Authority(of: context, at: now, transaction)
            try merge.requireAuthority(authority, context, transaction)
            try authority.keepingOwners(without: source) { try merge.run(transaction) }
            return try merge.tell(context, transaction)
        }
        parts.outboxSignal.raise()
        return user
    }
}

extension AccountMerge {
    /// Refuses while it is open which of two stays, telling all that is.
    fileprivate func requireChoices(_ transaction: Transaction) throws {
        func hasUsername(_ user: User) -> Bool { user.identifiers.contains { $0.kind == .username } }
        func hasPassword(_ user: User) throws -> Bool {
            try transaction.first(ReadPassword(user: user.id)) != nil
        }
        var open: [String] = []
        if choices.externalID == nil, source.externalID != nil, target.externalID != nil { open.append("external_id") }
        if choices.username == nil, hasUsername(source), hasUsername(target) { open.append("username") }
        if choices.password == nil, try hasPassword(source), try hasPassword(target) { open.append("password") }
        let profiles = try [source, target].map { try transaction.first(LockProfile(user: $0.id)) }
        if choices.profile == nil, !profiles.contains(where: { $0 == nil }) { open.append("profile") }
        guard open.isEmpty else {
            throw FlowError.invalid(
                open.map { .init(field: $0, reason: .fieldRequired, description: "both have one: choose whose stays") }
            )
        }
    }

    /// Demands of whoever is no administrator that he could give the target what it gets from the source, for as long as it
    /// gets it (SECURITY ADM-01).
    fileprivate func requireAuthority(
        _ authority: Authority,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws {
        guard !authority.isEverything else { return }
        let roles: [Assignment<AssignmentKinds.RoleOfUser>] = try moved(transaction)
        let groups: [Assignment<AssignmentKinds.MemberOfGroup>] = try moved(transaction)
        guard !roles.isEmpty || !groups.isEmpty else { return }
        try context.require(.membershipWrite)
        for role in roles { try authority.require(role.held, until: role.terms.expiresAt) }
        for group in groups { try authority.require(group.held, until: group.terms.expiresAt) }
    }

    /// What the source has and the target has not.
    private func moved<Kind: AssignmentKind>(
        _ transaction: Transaction
    ) throws -> [Assignment<Kind>] where Kind.Holder == IDKind.User {
        let own = try transaction.all(ListAssignmentsOfHolder<Kind>(holder: target.id, now: now)).map(\.held)
        return try transaction.all(ListAssignmentsOfHolder<Kind>(holder: source.id, now: now))
            .filter { !own.contains($0.held) }
    }

    fileprivate func run(_ transaction: Transaction) throws {
        let store = UserStore(parts: parts)
        for user in [source.id, target.id] { _ = try store.endEverything(of: user, transaction) }
        for part in AccountPart.all { try part.move?(self, transaction) }
        try store.erase(source.id, transaction)
        try moveExternalID(transaction)
    }

    /// Tells the person and the audit trail, and returns the target as it is now.
    fileprivate func tell(_ context: CallContext, _ transaction: Transaction) throws -> User {
        // The source has no way to be asked any more; its addresses are the target's now, and are told with them.
        try NoticeWriter(parts: parts).tell(target.id, .accountMerged, context, at: now, transaction)
        let audit = AuditStore(parts: parts)
        let ofSource = AuditEvent(
            .userMerged,
            subjectUser: source.id,
            subjectID: target.id.bytes,
            details: ["into": target.id.description]
        )
        try audit.append(ofSource, context, transaction)
        let ofTarget = AuditEvent(
            .userMerged,
            subjectUser: target.id,
            subjectID: source.id.bytes,
            details: ["from": source.id.description]
        )
        return try IdentifierFlows.finish(target.id, ofTarget, parts, context, at: now, transaction)
    }

    /// After the source is gone, whose external id would else be in the way.
    private func moveExternalID(_ transaction: Transaction) throws {
        let isWanted = target.externalID == nil || choices.externalID == .source
        guard isWanted, let text = source.externalID, let externalID = ExternalID(text) else { return }
        try transaction.execute(SetExternalID(user: target.id, externalID: externalID))
    }
}

/// Gives a user the id under which an older system knew them.
struct SetExternalID: Statement {
    static let sql: SQL = "UPDATE users SET external_id = ? WHERE id = ?"

    let user: UserID
    let externalID: ExternalID

    func bind(to parameters: inout Parameters) {
        parameters.append(externalID)
        parameters.append(user)
    }
}
