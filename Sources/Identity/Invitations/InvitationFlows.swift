import Cryptography
import MariaDB

/// Inviting people who are no users yet, by a link that is good once (PRODUCT section 2, SECURITY REC-07, ADM-11).
///
/// Profile and memberships of whoever is invited: keep them in columns of their own beside the address, and hand them out
/// in `SignInEngine.register`, where the user is made.
package struct InvitationFlows: Sendable {
    let parts: CoreParts
    /// Longest life of a link.
    static let longestLifetimeDays: UInt32 = 30

    /// Invites somebody: a link goes to the address, and one that went there before is void.
    ///
    /// Throws `.alreadyExists` when a user has the address or the external id, and `invitations.off` when nobody becomes
    /// a user.
    package func create(_ new: NewInvitation, _ context: CallContext) async throws(FlowError) -> Invitation {
        try context.require(.usersWrite)
        try requireInvitations()
        let (address, externalID, lifetime) = try checked(new)
        try await countMessage(to: address, context)
        let parts = parts
        let (token, hash) = TokenText.make(.invitation, random: parts.random)
        let id = try await parts.mutate(context) { transaction in
            let now = parts.clock.now()
            guard try transaction.first(FindOwner(kind: .email, canonical: address.canonical)) == nil else {
                throw FlowError.identifierTaken(.email, field: "email")
            }
            if let externalID, try transaction.first(UserByExternalID(externalID: externalID)) != nil {
                throw FlowError.externalIDTaken
            }
            try transaction.execute(RevokeInvitationsTo(canonical: address.canonical, now: now))
            let id = parts.makeID(InvitationID.self)
            let insert = InsertInvitation(
                id: id,
                token: hash,
                address: address,
                externalID: externalID,
                languages: new.languages.prefix(scalars: 200),
                inviter: AuditActor(context.actor),
                now: now,
                expiresAt: now + lifetime
            )
            try transaction.execute(insert)
            let message = Message(address: address.value, languages: insert.languages, token: token, lifetime: lifetime)
            try Self.send(message, parts, at: now, transaction)
            try AuditStore(parts: parts).append(
                AuditEvent(.invitationCreated, subjectID: id.bytes),
                context,
                transaction
            )
            return id
        }
        parts.outboxSignal.raise()
        return try await get(id, context)
    }

    /// An invitation by id.
    package func get(_ id: InvitationID, _ context: CallContext) async throws(FlowError) -> Invitation {
        try context.require(.usersRead)
        guard let row = try await parts.read(context, { try $0.first(InvitationByID(id: id)) }) else { throw .notFound }
        return row.invitation
    }

    /// A page of invitations, those that are over included until they are purged.
    package func list(_ request: PageRequest, _ context: CallContext) async throws(FlowError) -> Page<Invitation> {
        try context.require(.usersRead)
        let limit = try request.limit()
        let tokens = PageTokens(keyRing: parts.keyRing)
        let after: InvitationID =
            try tokens.position(request, list: "invitations", filter: [], caller: context) ?? .zero
        let rows = try await parts.read(context) { try $0.all(ListInvitations(after: after, limit: limit + 1)) }
        let invitations = rows.map(\.invitation)
        return tokens.page(of: invitations, limit: limit, list: "invitations", filter: [], caller: context) {
            $0.id.bytes
        }
    }

    /// Takes an invitation back: its link is void at once.
    ///
    /// Throws `invitations.over` when it was accepted, revoked before, or ran out.
    package func revoke(
        _ id: InvitationID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> Invitation {
        try context.require(.usersWrite)
        let parts = parts
        _ = try await parts.mutate(context) { transaction in
            _ = try Self.lock(id, expectedRevision, transaction)
            guard try transaction.execute(RevokeInvitation(id: id, now: parts.clock.now())) == 1 else {
                throw FlowError.invitationOver
            }
            try AuditStore(parts: parts).append(
                AuditEvent(.invitationRevoked, subjectID: id.bytes),
                context,
                transaction
            )
            return Done()
        }
        return try await get(id, context)
    }

    /// Sends the invitation again under a new secret, good for as long as at first; the link before is void.
    package func resend(
        _ id: InvitationID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> Invitation {
        try context.require(.usersWrite)
        try requireInvitations()
        let known = try await get(id, context)
        guard known.state(at: parts.clock.now()) == .open, let address = EmailAddress(known.email) else {
            throw .invitationOver
        }
        try await countMessage(to: address, context)
        let parts = parts
        let (token, hash) = TokenText.make(.invitation, random: parts.random)
        _ = try await parts.mutate(context) { transaction in
            let now = parts.clock.now()
            let row = try Self.lock(id, expectedRevision, transaction)
            let lifetime = row.invitation.expiresAt - row.invitation.sentAt
            let renew = RenewInvitation(id: id, token: hash, now: now, expiresAt: now + lifetime)
            guard try transaction.execute(renew) == 1 else { throw FlowError.invitationOver }
            let message = Message(
                address: row.invitation.email,
                languages: row.languages,
                token: token,
                lifetime: lifetime
            )
            try Self.send(message, parts, at: now, transaction)
            try AuditStore(parts: parts).append(AuditEvent(.invitationSent, subjectID: id.bytes), context, transaction)
            return Done()
        }
        parts.outboxSignal.raise()
        return try await get(id, context)
    }
}

extension InvitationFlows {
    /// The message with the link.
    private struct Message: Sendable {
        let address: String
        let languages: String
        let token: SecretBytes
        let lifetime: Duration
    }

    private static func send(
        _ message: Message,
        _ parts: CoreParts,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        let outbox = OutboxStore(keyRing: parts.keyRing, random: parts.random)
        let letter = OutboxMessage(
            recipient: message.address,
            languages: message.languages,
            content: .invitation(message.token),
            isDecoy: false
        )
        try outbox.enqueue(letter, about: nil, at: now, expiresAt: now + message.lifetime, transaction)
    }

    private static func lock(
        _ id: InvitationID,
        _ expectedRevision: UInt64?,
        _ transaction: Transaction
    ) throws -> InvitationRow {
        guard let row = try transaction.first(LockInvitation(id: id)) else { throw FlowError.notFound }
        if let expectedRevision, expectedRevision != row.invitation.revision {
            throw FlowError.revisionConflict(current: row.invitation.revision)
        }
        return row
    }

    private func requireInvitations() throws(FlowError) {
        guard parts.policy.selfRegistration.admitsInvited else { throw .invitationsOff }
    }

    /// Reads what was given, telling every problem at once.
    private func checked(
        _ new: NewInvitation
    ) throws(FlowError) -> (EmailAddress, ExternalID?, Duration) {
        var problems: [FlowError.FieldProblem] = []
        let address = EmailAddress(new.email)
        if address == nil {
            problems.append(.init(field: "email", reason: .emailInvalid, description: "not a valid e-mail address"))
        }
        let externalID = new.externalID.flatMap(ExternalID.init)
        if new.externalID != nil, externalID == nil {
            problems.append(
                .init(
                    field: "external_id",
                    reason: .fieldInvalid,
                    description: "must have 1 to 200 characters without controls"
                )
            )
        }
        if let days = new.lifetimeDays, !(1...Self.longestLifetimeDays).contains(days) {
            let description = "must be 1 to \(Self.longestLifetimeDays)"
            problems.append(.init(field: "lifetime_days", reason: .fieldInvalid, description: description))
        }
        guard let address, problems.isEmpty else { throw .invalid(problems) }
        let lifetime = new.lifetimeDays.map { Duration.seconds(86_400 * Int64($0)) }
        return (address, externalID, lifetime ?? parts.policy.invitationLifetime)
    }

    /// Counts a message against the budgets of the address and the total, in a transaction of its own.
    private func countMessage(to address: EmailAddress, _ context: CallContext) async throws(FlowError) {
        let parts = parts
        let now = parts.clock.now()
        let keys = ThrottleKeys(keyRing: parts.keyRing)
        let identity = [IdentifierKind.email.rawValue] + address.canonical
        let subjects = keys.sendSubjects(
            DeliveryBudget(parts.policy.code),
            label: "invitation",
            address: identity,
            number: nil,
            owner: nil,
            account: .name(kind: .email, canonical: address.canonical),
            from: nil,
            parts
        )
        let admission = try await parts.transaction(context) { transaction in
            try ThrottleStore(policy: parts.policy.throttling).count(subjects, at: now, transaction)
        }
        guard case .blocked(_, let until) = admission else { return }
        throw .throttled(retryAfter: until.map { max($0 - now, .zero) } ?? parts.policy.throttling.forgiveness)
    }
}

extension FlowError {
    static let invitationsOff = FlowError(
        .failedPrecondition,
        reason: .invitationsOff,
        message: "nobody is invited here: registration is closed"
    )

    static let invitationOver = FlowError(
        .failedPrecondition,
        reason: .invitationOver,
        message: "the invitation was accepted, revoked, or ran out"
    )
}
