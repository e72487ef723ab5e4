package import Cryptography
import MariaDB

extension IdentifierFlows {
    /// What a code came to; a value, so that a try or a code that is used up stays so.
    private struct Confirmation: Codable, Sendable, AnswerAboutUser {
        enum Outcome: Codable, Sendable {
            case confirmed(User)
            case wrong
            /// Somebody proved the address first, or has it from an administrator.
            case taken
        }

        let userInAnswer: UserID
        let outcome: Outcome
    }

    /// Proves the claimed address: it is the caller's from now on, and what it replaces is gone.
    ///
    /// Nil when the code is wrong. Throws `.notFound` for what is not the caller's claim that waits, `.throttled` after
    /// too many tries, and `.alreadyExists` when another user has the address: whose it is, is settled here, by the index.
    package func confirm(
        _ id: IdentifierClaimID,
        code: SecretBytes,
        _ context: CallContext
    ) async throws(FlowError) -> User? {
        let session = try context.requirePerson()
        let parts = parts
        let countedAt = parts.clock.now()
        let kind = try await parts.read(context) { try Self.kind(of: id, session.userID, $0) }
        let tries = EnrolmentTries(parts: parts, method: CodeChannel(kind)?.method ?? .emailCode)
        // In a transaction of its own: no outcome gives the try back.
        let wait = try await parts.transaction(context) { try tries.count(session, at: countedAt, $0) }
        if let wait { throw .throttled(retryAfter: max(wait - countedAt, .zero)) }
        let confirmation = try await parts.mutate(context) { transaction in
            let outcome = try Self.confirm(id, code, session, tries, parts, context, transaction)
            return Confirmation(userInAnswer: session.userID, outcome: outcome)
        }
        switch confirmation.outcome {
        case .wrong: return nil
        case .taken: throw .identifierTaken(kind, field: "claim_id")
        case .confirmed(let user):
            parts.outboxSignal.raise()
            return user
        }
    }

    private static func confirm(
        _ id: IdentifierClaimID,
        _ code: SecretBytes,
        _ session: Session,
        _ tries: EnrolmentTries,
        _ parts: CoreParts,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> Confirmation.Outcome {
        let now = parts.clock.now()
        guard let user = try UserStore(parts: parts).lock(session.userID, at: now, transaction), user.state == .active
        else { throw FlowError.userStateUnsuitable }
        let claim = try live(id, of: user.id, at: now, transaction)
        guard let channel = CodeChannel(claim.name.kind),
            case .proved = try CodeDesk(parts, channel).check(code, claim.binding, at: now, transaction)
        else { return .wrong }
        try tries.succeed(session, transaction)
        try transaction.execute(DeleteClaimOfUser(user: user.id))
        let others = try NoticeWriter(parts: parts).recipients(of: user.id, transaction)
        let replaced = try claim.replaced.flatMap { try removal(of: $0, from: user, transaction) }
            .flatMap { $0.canonical == claim.name.canonical ? nil : $0 }
        guard let added = try prove(claim, of: user, replaced, parts, at: now, transaction) else { return .taken }
        let notices = IdentifierNotices(parts: parts, context: context, now: now)
        if let replaced {
            try delete(replaced, of: user, transaction)
            if replaced.identifier.isPrimary {
                try transaction.execute(SetPrimaryIdentifier(id: added, user: user.id, kind: claim.name.kind))
            }
            try notices.tellOfReplacement(of: replaced, of: user.id, others: others, transaction)
        } else {
            try notices.tellOfAddition(to: user.id, others: others, transaction)
        }
        let event = AuditEvent(
            replaced == nil ? .identifierAdded : .identifierReplaced,
            subjectUser: user.id,
            subjectID: added.bytes,
            details: ["verified": "true"]
        )
        return .confirmed(try finish(user.id, event, parts, context, at: now, transaction))
    }

    /// What kind of address a claim is about; that of most where there is none, which is found out later.
    private static func kind(
        of id: IdentifierClaimID,
        _ user: UserID,
        _ transaction: Transaction
    ) throws -> IdentifierKind {
        try transaction.all(ReadClaims(user: user)).first { $0.id == id }?.name.kind ?? .email
    }

    private static func removal(
        of id: IdentifierID,
        from user: User,
        _ transaction: Transaction
    ) throws -> IdentifierUndo.Removed? {
        guard let identifier = user.identifiers.first(where: { $0.id == id }),
            let canonical = try transaction.first(LockIdentifierKey(id: id, user: user.id))
        else { return nil }
        return IdentifierUndo.Removed(identifier: identifier, canonical: canonical)
    }

    /// Gives the proved address to its user, or notes the proof of one that an administrator put in; nil when another
    /// user has it.
    private static func prove(
        _ claim: StoredClaim,
        of user: User,
        _ replaced: IdentifierUndo.Removed?,
        _ parts: CoreParts,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> IdentifierID? {
        let (kind, canonical) = (claim.name.kind, claim.name.canonical)
        if let row = try transaction.first(LockOwner(kind: kind, canonical: canonical)) {
            guard row.owner.userID == user.id else { return nil }
            let verify = VerifyIdentifier(id: row.owner.identifierID, user: user.id, now: now)
            return try transaction.execute(verify) == 1 ? row.owner.identifierID : nil
        }
        guard let name = LoginName(kind, claim.name.value), name.canonical == canonical else { return nil }
        var rest = user
        rest.identifiers.removeAll { $0.id == replaced?.identifier.id }
        do {
            return try insert(name, verifiedAt: now, for: rest, isPrimary: false, parts, at: now, transaction)
        } catch let refusal as FlowError where refusal.reason == .identifierTaken {
            return nil
        }
    }
}
