package import Cryptography
import MariaDB
import Passwords

/// Making recovery codes, and telling how many are left (SECURITY section 1.8).
package struct RecoveryCodeFlows: Sendable {
    let parts: CoreParts

    /// How many codes a user has left; needs `users.read` of another's.
    package func remaining(of user: UserID, _ context: CallContext) async throws(FlowError) -> Int {
        try context.requireAccess(to: user, .usersRead)
        return try await parts.read(context) { transaction in
            guard try transaction.first(UserIsThere(user: user)) != nil else { throw FlowError.notFound }
            return try transaction.first(CountRecoveryCodes(user: user)) ?? 0
        }
    }

    /// Makes new codes for the person who is signed in, and voids those before; they are shown this once.
    ///
    /// Only after a fresh proof by one's strongest factor (SECURITY RC-03). Throws `second_factor_needed` for somebody
    /// who has none, since there is nothing that the codes could stand in for, and `.throttled` when a session makes some
    /// again and again: a set costs ten hashes (PW-11).
    package func generate(_ context: CallContext) async throws(FlowError) -> [SecretBytes] {
        let session = try context.requirePerson()
        let parts = parts
        // Looked at before the hashing, so that nobody can make the server work without a right to, and again with it.
        try await parts.transaction(context) { try Self.requireRight(session, parts, context, $0) }
        try parts.passwordHasher.requireRoom(until: context.deadline)
        _ = try await EnrolmentTries(parts: parts, method: .recoveryCode).admit(session, context)
        let (codes, stored) = try await make(for: session.userID, context)
        let now = parts.clock.now()
        try await parts.transaction(context) { transaction in
            guard try UserStore(parts: parts).lock(session.userID, at: now, transaction)?.state == .active else {
                throw FlowError.userStateUnsuitable
            }
            try parts.requireStillLive(session, at: now, transaction)
            try Self.requireRight(session, parts, context, transaction)
            try transaction.execute(DeleteRecoveryCodes(user: session.userID))
            for code in stored {
                try transaction.execute(InsertRecoveryCode(code: code, user: session.userID, now: now))
            }
            let change = AuthenticatorChange(
                .recoveryCodesMade,
                .authenticatorAdded,
                user: session.userID,
                id: session.userID.bytes
            )
            try change.write(parts, context, at: now, transaction)
        }
        parts.outboxSignal.raise()
        return codes.map(\.display)
    }

    private static func requireRight(
        _ session: Session,
        _ parts: CoreParts,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws {
        try parts.requireStrongestProof(context, transaction)
        guard try parts.enrolment(of: session.userID, transaction).hasSecondFactor else {
            throw FlowError.secondFactorNeeded
        }
    }

    /// Codes no two of which are looked up alike, and what is stored of them.
    private func make(
        for user: UserID,
        _ context: CallContext
    ) async throws(FlowError) -> ([RecoveryCode], [StoredRecoveryCode]) {
        let hasher = parts.passwordHasher
        let keyID = hasher.pepperKeyID
        var codes: [RecoveryCode] = []
        var stored: [StoredRecoveryCode] = []
        while codes.count < parts.policy.recoveryCodes.count {
            let code = RecoveryCode(random: parts.random)
            guard let lookup = code.lookup(of: user, parts.keyRing, keyID: keyID),
                !stored.contains(where: { $0.lookup == lookup })
            else { continue }
            let hashed = HashedPassword(
                record: try await hasher.hash(code.canonical, until: context.deadline),
                pepperKeyID: keyID,
                normalization: RecoveryCode.normalization
            )
            codes.append(code)
            stored.append(StoredRecoveryCode(id: parts.makeID(), lookup: lookup, hashed: hashed))
        }
        return (codes, stored)
    }
}

extension FlowError {
    static let secondFactorNeeded = FlowError(
        .failedPrecondition,
        reason: .secondFactorNeeded,
        message: "recovery codes stand in for a second factor, and the user has none"
    )
}
