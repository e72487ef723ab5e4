package import Cryptography
import Logging
import MariaDB
import Passwords

extension SignInFlows {
    /// Checks a password, as the person typed it.
    ///
    /// Counted in one transaction and settled in another, with the hash between them, so that no lock is held while it is
    /// computed. Throws `.throttled` when too many are being checked; `.invalidInput` for what is longer than any password.
    package func submitPassword(
        _ handle: SecretBytes,
        password typed: SecretBytes,
        _ context: CallContext
    ) async throws(FlowError) -> SignInOutcome {
        try context.requireSignIn()
        guard parts.policy.passwords.isEnabled else { throw .stepNotDue }
        guard let hash = TokenHash(of: handle, kind: .flowHandle) else { return .refused(.ended) }
        let password = try PresentedPassword(typed, field: "password")
        try parts.passwordHasher.requireRoom(until: context.deadline)
        let engine = engine
        let now = parts.clock.now()
        let admission = try await parts.transaction(context) { transaction in
            try engine.admit(.password, hash, context, at: now, transaction) { identity -> StoredPassword? in
                let stored = try transaction.first(ReadPassword(user: identity.owner?.userID ?? .zero))
                return identity.mayUsePassword && stored?.resetDemandedAt == nil ? stored : nil
            }
        }
        let attempt: SignInEngine.HashedAttempt<StoredPassword>
        switch admission {
        case .admitted(let admitted): attempt = admitted
        case .refused(let refusal): return .refused(refusal)
        }
        let isRight = try await check(password, attempt.stored?.hashed, of: attempt, context)
        let renewal = isRight ? await renewal(of: attempt, password, context) : nil
        let settledAt = parts.clock.now()
        let verdict = try await parts.transaction(context) { transaction in
            try engine.settle(
                attempt,
                isRight: isRight,
                hash,
                context,
                at: settledAt,
                transaction,
                datedBy: \.changedAt
            ) { stored, user, context in
                guard let current = try transaction.first(LockPassword(user: user)), current.isSame(as: stored) else {
                    return false
                }
                guard current.hashed.isImported else {
                    if let renewal { try transaction.execute(renewal) }
                    return true
                }
                if try isUnfit(password, of: user, transaction) {
                    // Who has no address to prove could not set another one: an administrator has to help.
                    if try !transaction.all(ProvedAddresses(user: user)).isEmpty {
                        try PasswordFlows(parts: parts).voidUntilReset(of: user, context, at: settledAt, transaction)
                    }
                    return false
                }
                // Known from now on, also when it could not be hashed anew.
                let isLong = password.codePointCount >= (parts.policy.passwords.policy?.minimumAlone ?? .max)
                try transaction.enqueue(NotePasswordLength(user: user, isLong: isLong))
                if let renewal { try transaction.execute(renewal) }
                return true
            }
        }
        await finishWork(after: verdict, context)
        return outcome(of: verdict)
    }

    /// Checks what was counted; when it cannot be checked, the try stays counted, and its owner is told if it was the last.
    func check<Stored>(
        _ password: PresentedPassword,
        _ hashed: HashedPassword?,
        of attempt: SignInEngine.HashedAttempt<Stored>,
        _ context: CallContext
    ) async throws(FlowError) -> Bool {
        do {
            return try await parts.passwordHasher.isRight(password, hashed, until: context.deadline)
        } catch {
            guard attempt.admitted.isDisabling else { throw error }
            // Whoever made the call may have given it up, and its deadline may have passed.
            let (engine, parts) = (engine, parts)
            var late = context
            late.deadline = .after(.seconds(10))
            let telling = Task { [late] () async -> FlowError? in
                let now = parts.clock.now()
                do throws(FlowError) {
                    try await parts.transaction(late) { try engine.abandon(attempt, late, at: now, $0) }
                    return nil
                } catch {
                    return error
                }
            }
            if let failure = await telling.value { throw failure }
            parts.outboxSignal.raise()
            throw error
        }
    }

    /// The statement that keeps a right password as it would be hashed today; nil when it is (SECURITY PW-08).
    ///
    /// Nothing hangs on it: if the hash fails, the next sign-in makes it.
    private func renewal(
        of attempt: SignInEngine.HashedAttempt<StoredPassword>,
        _ password: PresentedPassword,
        _ context: CallContext
    ) async -> RenewPassword? {
        let hasher = parts.passwordHasher
        guard let user = attempt.identity.owner?.userID, let stored = attempt.stored,
            hasher.isOutdated(stored.hashed, normalization: PresentedPassword.currentVersion),
            let bytes = password.current, let policy = parts.policy.passwords.policy
        else { return nil }
        do {
            let hashed = HashedPassword(
                record: try await hasher.hash(bytes, until: context.deadline),
                pepperKeyID: hasher.pepperKeyID,
                normalization: PresentedPassword.currentVersion
            )
            let isLong = password.codePointCount >= policy.minimumAlone
            return RenewPassword(user: user, before: stored.hashed, hashed: hashed, isLong: isLong)
        } catch {
            parts.logger.info("a password was not hashed anew", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Whether an imported password is one that may not be chosen here, its length apart (SECURITY PW-06).
    ///
    /// It shows when it is typed for the first time. Its owner sets another one; whoever guessed it from a list is not let
    /// in.
    private func isUnfit(
        _ password: PresentedPassword,
        of user: UserID,
        _ transaction: Transaction
    ) throws -> Bool {
        guard let policy = parts.policy.passwords.policy, let text = password.current?.validatedUTF8String() else {
            return false
        }
        let context = try parts.passwordContext(of: user, transaction)
        guard case .refused(let problems) = try policy.review(text, for: .withSecondFactor, context: context) else {
            return false
        }
        return problems.contains { problem in
            switch problem {
            case .blocklisted, .contextWord: true
            case .tooShort, .tooLong, .controlCharacter, .unassignedCharacter: false
            }
        }
    }
}

extension PresentedPassword {
    /// Longest password that is looked at, in bytes: 256 code points of four (SECURITY PW-02).
    private static let maximumCount = 1024

    /// What was typed; refused when it is too long to be a password, or no text.
    init(_ typed: SecretBytes, field: String) throws(FlowError) {
        guard typed.count <= Self.maximumCount else {
            throw .invalid(field, .passwordTooLong, "at most \(Self.maximumCount) bytes")
        }
        guard let text = typed.validatedUTF8String() else {
            throw .invalid(field, .fieldInvalid, "must be UTF-8")
        }
        self.init(text)
    }
}
