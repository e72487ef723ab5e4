import Cryptography
import MariaDB
import Passwords

/// Choosing, removing and importing passwords (SECURITY 1.1).
///
/// Nobody but the owner ever chooses one, and nobody is shown any (PW-15).
package struct PasswordFlows: Sendable {
    let parts: CoreParts

    /// What may be told about the password of a user, nil without one; needs `users.read` of another's.
    package func status(of user: UserID, _ context: CallContext) async throws(FlowError) -> PasswordStatus? {
        try context.requireAccess(to: user, .usersRead)
        return try await parts.read(context) { transaction in
            guard try transaction.first(UserIsThere(user: user)) != nil else { throw FlowError.notFound }
            return try transaction.first(ReadPassword(user: user)).map {
                PasswordStatus(changedAt: $0.changedAt, resetDemandedAt: $0.resetDemandedAt)
            }
        }
    }

    /// Makes a password useless, so that its owner has to prove an address and set another one; needs `users.write`.
    ///
    /// All sessions of the user end. Throws `.notFound` for a user who has none, and `proved_address_needed` for one who
    /// could not get in any more.
    package func demandReset(of user: UserID, _ context: CallContext) async throws(FlowError) {
        try context.require(.usersWrite)
        let parts = parts
        let now = parts.clock.now()
        try await parts.transaction(context) { transaction in
            _ = try UserStore(parts: parts).lock(user, for: context, at: now, transaction)
            guard try transaction.first(LockPassword(user: user)) != nil else { throw FlowError.notFound }
            guard try !transaction.all(ProvedAddresses(user: user)).isEmpty else { throw FlowError.provedAddressNeeded }
            try voidUntilReset(of: user, context, at: now, transaction)
        }
        parts.outboxSignal.raise()
    }

    /// Makes a password useless and ends all sessions of its owner, who is told.
    func voidUntilReset(
        of user: UserID,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        try transaction.execute(DemandPasswordReset(user: user, now: now))
        _ = try SessionFlows.end(user, except: nil, transaction)
        let change = AuthenticatorChange(.passwordResetDemanded, .passwordResetDemanded, user: user, id: user.bytes)
        try change.write(parts, context, at: now, transaction)
    }

    /// Removes a password: one's own after a fresh proof by one's strongest factor, or, with `users.write`, a user's.
    ///
    /// Throws `last_way_in` when its owner has no other, unless an administrator insists.
    package func remove(
        of user: UserID,
        evenIfLastWayIn insists: Bool = false,
        _ context: CallContext
    ) async throws(FlowError) {
        try context.requireAccess(to: user, .usersWrite)
        let parts = parts
        let now = parts.clock.now()
        try await parts.transaction(context) { transaction in
            _ = try UserStore(parts: parts).lock(user, for: context, at: now, transaction)
            try parts.requireStrongestProof(context, transaction)
            guard try transaction.first(LockPassword(user: user)) != nil else { throw FlowError.notFound }
            try parts.requireAnotherWayIn(
                than: .password,
                of: user,
                orAdministratorInsists: insists,
                context,
                transaction
            )
            let before = try parts.enrolment(of: user, transaction)
            try transaction.execute(DeletePassword(user: user))
            try parts.requireDemandWithinReach(of: user, before: before, context, transaction)
            let change = AuthenticatorChange(.passwordRemoved, .authenticatorRemoved, user: user, id: user.bytes)
            try change.write(parts, context, at: now, transaction)
        }
        parts.outboxSignal.raise()
    }

    /// Gives a user the password that another system had a hash of; needs `users.import`.
    ///
    /// It is hashed anew with the first sign-in. Throws `.alreadyExists` for a user who has one, `.invalidInput` for a
    /// record that cannot be read or would cost too much, and `passwords.import_refused` for a user who ever signed in or
    /// had a factor: whoever imports knows the password, and so would choose it for an account that is in use
    /// (SECURITY PW-15, ADM-09).
    package func importRecord(_ text: String, of user: UserID, _ context: CallContext) async throws(FlowError) {
        try context.require(.usersImport)
        let rules = parts.policy.passwords
        guard rules.isEnabled else { throw .passwordsOff }
        let record: PasswordRecord
        do {
            record = try PasswordRecord(text)
        } catch {
            throw .invalid("record", .passwordRecordInvalid, error.explanation)
        }
        guard record.isWithin(rules.hashing.limits) else {
            throw .invalid("record", .passwordRecordInvalid, PasswordRecordError.outOfBounds.explanation)
        }
        let hashed = HashedPassword(
            record: record,
            pepperKeyID: nil,
            normalization: PresentedPassword.unchangedVersion
        )
        let parts = parts
        let now = parts.clock.now()
        try await parts.transaction(context) { transaction in
            guard try UserStore(parts: parts).lock(user, for: context, at: now, transaction) != nil else {
                throw FlowError.notFound
            }
            guard try transaction.first(LockPassword(user: user)) == nil else { throw FlowError.passwordThere }
            guard try transaction.first(AccountWasUsed(user: user)) == nil else { throw FlowError.importRefused }
            // How long it is shows when its owner types it.
            try transaction.execute(PutPassword(user: user, hashed: hashed, isLong: true, now: now))
            let change = AuthenticatorChange(.passwordSet, .authenticatorAdded, user: user, id: user.bytes)
            try change.write(parts, context, at: now, transaction)
        }
        parts.outboxSignal.raise()
    }
}

extension PasswordRecordError {
    fileprivate var explanation: String {
        switch self {
        case .unknownFormat: "a format that is not known"
        case .malformed: "not written as its format says"
        case .outOfBounds: "its costs or lengths are beyond the limits"
        }
    }
}

extension FlowError {
    static let passwordsOff = FlowError(
        .failedPrecondition,
        reason: .passwordsOff,
        message: "people sign in without passwords here"
    )

    static let importRefused = FlowError(
        .failedPrecondition,
        reason: .passwordImportRefused,
        message: "the user has signed in or had a password before, and sets a password in person"
    )

    static let passwordThere = FlowError(
        .alreadyExists,
        reason: .tooManyAuthenticators,
        message: "the user has a password"
    )
}
