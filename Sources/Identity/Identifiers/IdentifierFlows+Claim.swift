import Cryptography
import MariaDB

// Adding and replacing an address by its owner (SECURITY REC-04): a code goes to the new address, and nothing changes
// until it comes back. Whether somebody else has the address is told to that address alone (EN-01).
extension IdentifierFlows {
    /// What the budgets say to a code.
    private enum Delivery: Sendable {
        case send(nextAt: Timestamp)
        /// The address or account has had enough: the claim stands, and no code fits.
        case withheld(until: Timestamp)
    }

    /// Says that an address is the caller's, and sends it a code; with `replaced`, that one goes when the code comes back.
    ///
    /// The claim before is void. Throws `.throttled` when the source, or everybody together, sent too much.
    package func begin(
        _ kind: IdentifierKind,
        _ value: String,
        replacing replaced: IdentifierID? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> IdentifierClaim {
        let session = try context.requirePerson()
        let name = try Self.name(kind, value, field: "value")
        guard let channel = CodeChannel(kind) else {
            throw .invalid("kind", .fieldInvalid, "a user name is set, not proved")
        }
        guard channel.serves(name.canonical, parts.policy) else { throw .phoneUndeliverable }
        try parts.requireFreshProof(context)
        let delivery = try await countMessage(to: name, by: channel, session.userID, context)
        let parts = parts
        let claim = try await parts.mutate(context) { transaction in
            let now = parts.clock.now()
            guard let user = try UserStore(parts: parts).lock(session.userID, at: now, transaction),
                user.state == .active
            else { throw FlowError.userStateUnsuitable }
            try parts.requireStrongestProof(context, transaction)
            if let replaced {
                guard user.identifiers.contains(where: { $0.id == replaced && $0.kind == kind }) else {
                    throw FlowError.notFound
                }
            } else if user.identifiers.count >= Self.maximumPerUser {
                throw FlowError.tooManyIdentifiers
            }
            let owner = try transaction.first(FindOwner(kind: kind, canonical: name.canonical))
            // An address takes the place of others only: proved in its own, it would be gone.
            let another = owner?.identifierID == replaced ? nil : replaced
            guard owner?.userID != user.id || owner?.isVerified == false else {
                throw FlowError.invalid("value", .fieldInvalid, "you have proved this address already")
            }
            try transaction.execute(DeleteClaimOfUser(user: user.id))
            let stored = StoredClaim(
                id: parts.makeID(),
                userID: user.id,
                name: SignInFlow.Identifier(kind: kind, value: name.value, canonical: name.canonical),
                replaced: another,
                expiresAt: now + parts.policy.flowLifetime
            )
            try transaction.execute(PutClaim(claim: stored, now: now))
            let event = AuditEvent(.identifierClaimed, subjectUser: user.id, subjectID: stored.id.bytes)
            try AuditStore(parts: parts).append(event, context, transaction)
            return try Self.send(delivery, by: channel, stored, owner, parts, context, at: now, transaction)
        }
        parts.outboxSignal.raise()
        return claim
    }

    /// Sends another code for the claim that waits; the one before is void.
    package func sendAgain(
        _ id: IdentifierClaimID,
        _ context: CallContext
    ) async throws(FlowError) -> IdentifierClaim {
        let session = try context.requirePerson()
        let parts = parts
        let waiting = try await parts.transaction(context) { transaction in
            try Self.live(id, of: session.userID, at: parts.clock.now(), transaction)
        }
        guard let name = LoginName(waiting.name.kind, waiting.name.value), let channel = CodeChannel(name.kind) else {
            throw .notFound
        }
        guard channel.serves(name.canonical, parts.policy) else { throw .phoneUndeliverable }
        let delivery = try await countMessage(to: name, by: channel, session.userID, context)
        if case .withheld(let until) = delivery {
            // The code before stays good.
            throw .throttled(retryAfter: max(until - parts.clock.now(), .zero))
        }
        let claim = try await parts.mutate(context) { transaction in
            let now = parts.clock.now()
            guard try UserStore(parts: parts).lock(session.userID, at: now, transaction)?.state == .active else {
                throw FlowError.userStateUnsuitable
            }
            let stored = try Self.live(id, of: session.userID, at: now, transaction)
            let owner = try transaction.first(FindOwner(kind: stored.name.kind, canonical: stored.name.canonical))
            return try Self.send(delivery, by: channel, stored, owner, parts, context, at: now, transaction)
        }
        parts.outboxSignal.raise()
        return claim
    }

    /// The claim of a user, if it is this one and still waits.
    static func live(
        _ id: IdentifierClaimID,
        of user: UserID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> StoredClaim {
        guard let claim = try transaction.first(LockClaim(user: user)), claim.id == id, now < claim.expiresAt else {
            throw FlowError.notFound
        }
        return claim
    }

    /// Counts a code against all budgets, in a transaction of its own, so that nothing gives it back.
    private func countMessage(
        to name: LoginName,
        by channel: CodeChannel,
        _ user: UserID,
        _ context: CallContext
    ) async throws(FlowError) -> Delivery {
        let parts = parts
        let now = parts.clock.now()
        let budget = channel.budget(parts.policy)
        let keys = ThrottleKeys(keyRing: parts.keyRing)
        let store = ThrottleStore(policy: parts.policy.throttling)
        let admission = try await parts.transaction(context) { transaction in
            let owner = try transaction.first(FindOwner(kind: name.kind, canonical: name.canonical))
            let subjects = keys.sendSubjects(
                budget,
                label: channel.method.rawValue,
                address: [name.kind.rawValue] + name.canonical,
                number: channel == .sms ? name.canonical : nil,
                owner: owner?.userID,
                account: .user(user),
                from: context.source,
                parts
            )
            return try store.count(subjects, at: now, transaction)
        }
        switch admission {
        case .admitted: return .send(nextAt: now + budget.interval)
        case .blocked(.sendInterval, let until), .blocked(.sendsToAddress, let until):
            return .withheld(until: until ?? now + budget.interval)
        case .blocked(_, let until):
            throw .throttled(retryAfter: until.map { max($0 - now, .zero) } ?? parts.policy.throttling.forgiveness)
        }
    }

    private static func send(
        _ delivery: Delivery,
        by channel: CodeChannel,
        _ claim: StoredClaim,
        _ owner: SignInIdentity.Owner?,
        _ parts: CoreParts,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> IdentifierClaim {
        let resendAt: Timestamp =
            switch delivery {
            case .send(let next): next
            case .withheld(let until): until
            }
        let desk = CodeDesk(parts, channel)
        let (code, expiresAt) = try desk.issue(claim.binding, resendAt: resendAt, at: now, transaction)
        if case .send = delivery {
            let isTaken = owner.map { $0.userID != claim.userID } ?? false
            let message = channel.message(
                OneTimeCodeMessage(isTaken ? .takenAddress : .address, code),
                // Whoever has the address wrote it in their own way, and mail goes there (SECURITY REC-06).
                to: owner?.value ?? claim.name.value,
                languages: isTaken ? "" : context.languages,
                isDecoy: false
            )
            let outbox = OutboxStore(keyRing: parts.keyRing, random: parts.random)
            let about = owner?.userID ?? claim.userID
            try outbox.enqueue(message, about: about, at: now, expiresAt: expiresAt, transaction)
        }
        return claim.claim(codeLength: desk.policy.length, codeExpiresAt: expiresAt, resendAt: resendAt)
    }
}

extension FlowError {
    /// Nothing here sends messages to telephones, or to those of that country.
    static let phoneUndeliverable = FlowError(
        .failedPrecondition,
        reason: .phoneUndeliverable,
        message: "no code can be sent to this telephone; an administrator can add the number"
    )
}
