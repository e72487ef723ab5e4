package import Cryptography
import MariaDB

extension IdentifierFlows {
    /// Whether a secret still takes a change back; looks, and uses nothing up.
    package func canUndo(_ token: SecretBytes, _ context: CallContext) async throws(FlowError) -> Bool {
        try context.requireSignIn()
        guard let hash = TokenHash(of: token, kind: .undo) else { return false }
        let now = parts.clock.now()
        return try await parts.read(context) { transaction in
            try transaction.first(FindUndo(token: hash)).map { now < $0.expiresAt } ?? false
        }
    }

    /// Takes a change of addresses back, with the secret that an address from before was sent: once, within 72 hours.
    ///
    /// What was removed is there again, what was proved since is gone, and whoever made the change is out: all sessions,
    /// sign-ins under way and recognised devices end, and the secrets of changes made since are void (SECURITY REC-04).
    /// Throws `.notFound` for a secret that is none or is over, and `.alreadyExists` when the address is another user's
    /// by now.
    package func undo(_ token: SecretBytes, _ context: CallContext) async throws(FlowError) {
        try context.requireSignIn()
        let parts = parts
        try await LinkTries(parts: parts).count(context)
        guard let hash = TokenHash(of: token, kind: .undo) else { throw .notFound }
        try await parts.transaction(context) { transaction in
            let now = parts.clock.now()
            guard let undo = try transaction.first(FindUndo(token: hash)),
                let user = try UserStore(parts: parts).lock(undo.userID, at: now, transaction),
                try transaction.execute(UseUndo(id: undo.id, now: now)) == 1
            else { throw FlowError.notFound }
            try Self.undo(undo, user, parts, context, at: now, transaction)
        }
        parts.outboxSignal.raise()
    }

    private static func undo(
        _ undo: IdentifierUndo,
        _ user: User,
        _ parts: CoreParts,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        // Those it takes the account from are told, too: it may be they whose account it is.
        let writer = NoticeWriter(parts: parts)
        var told = try writer.recipients(of: user.id, transaction)
        let removed = undo.removed
        try restore(undo, user, at: now, transaction)
        try restorePrimary(removed, user, parts, at: now, transaction)
        try transaction.execute(DeleteUndosSince(user: user.id, since: undo.changedAt))
        let ended = try UserStore(parts: parts).endEverything(of: user.id, transaction)
        let notice = AccountNotice(.identifierChangeUndone, at: now, source: context.source)
        if let restored = removed.flatMap({ NoticeRecipient($0.identifier) }), !told.contains(restored) {
            told.append(restored)
        }
        for recipient in told {
            try writer.tell(recipient, of: user.id, notice, undo: nil, languages: "", at: now, transaction)
        }
        let event = AuditEvent(
            .identifierChangeUndone,
            subjectUser: user.id,
            subjectID: undo.id.bytes,
            details: ["sessions_ended": "\(ended)"]
        )
        _ = try finish(user.id, event, parts, context, at: now, transaction)
    }

    /// Takes away what was proved since the change, and brings back what it and later changes removed of what was there.
    private static func restore(
        _ undo: IdentifierUndo,
        _ user: User,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        let later = try transaction.all(UndosSince(user: user.id, since: undo.changedAt)).compactMap(\.removed)
            .filter { removed in removed.identifier.verifiedAt.map { $0 < undo.changedAt } ?? false }
        let since = DeleteIdentifiersProvedSince(
            user: user.id,
            since: undo.changedAt,
            kept: undo.removed?.identifier.id ?? .zero
        )
        try transaction.execute(since)
        var there = Set(user.identifiers.map(\.id))
        for removed in (undo.removed.map { [$0] } ?? []) + later
        where there.insert(removed.identifier.id).inserted {
            var identifier = removed.identifier
            identifier.isPrimary = false
            let insert = InsertIdentifier(
                identifier: identifier,
                user: user.id,
                canonical: removed.canonical,
                now: now
            )
            guard try transaction.insertIfNew(insert, index: "user_identifiers_canonical") else {
                // Nothing is undone then, and the secret stays good.
                throw FlowError.identifierTaken(identifier.kind, field: "token")
            }
        }
    }

    /// Makes what was the main address that again, and sees that there is one.
    private static func restorePrimary(
        _ removed: IdentifierUndo.Removed?,
        _ user: User,
        _ parts: CoreParts,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        guard let left = try UserStore(parts: parts).lock(user.id, at: now, transaction)?.identifiers else { return }
        for kind in [IdentifierKind.email, .phone] {
            let ofKind = left.filter { $0.kind == kind }
            let wanted = removed.flatMap { removed in
                removed.identifier.isPrimary ? ofKind.first { $0.id == removed.identifier.id } : nil
            }
            let fallback =
                ofKind.contains(where: \.isPrimary) ? nil : ofKind.first { $0.verifiedAt != nil } ?? ofKind.first
            guard let main = wanted ?? fallback else { continue }
            try transaction.execute(SetPrimaryIdentifier(id: main.id, user: user.id, kind: kind))
        }
    }
}

/// Counts the tries of secrets in links, by where they come from: the secrets themselves cannot be guessed.
struct LinkTries: Sendable {
    let parts: CoreParts

    /// Counts one, whatever comes of it; throws `.throttled` when there were too many.
    func count(_ context: CallContext) async throws(FlowError) {
        let engine = SignInEngine(parts: parts, methods: [])
        let now = parts.clock.now()
        let admission = try await parts.transaction(context) { transaction in
            try engine.throttles.count(engine.commonSubjects(context), at: now, transaction)
        }
        guard case .blocked(_, let until) = admission else { return }
        throw .throttled(retryAfter: until.map { max($0 - now, .zero) } ?? parts.policy.throttling.forgiveness)
    }
}
