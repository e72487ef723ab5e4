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
        let hasher = parts.passwordHasher
        let isRight = try await hasher.isRight(password, attempt.stored?.hashed, until: context.deadline)
        let settledAt = parts.clock.now()
        let verdict = try await parts.transaction(context) { transaction in
            try engine.settle(attempt, isRight: isRight, hash, context, at: settledAt, transaction) { stored, user, _ in
                try transaction.first(LockPassword(user: user)) == stored
            }
        }
        parts.outboxSignal.raise()
        await forgiveStrangers(after: verdict, .password, context)
        if isRight, let owner = attempt.identity.owner?.userID, let stored = attempt.stored {
            await renew(stored, of: owner, password, context)
        }
        return outcome(of: verdict)
    }

    /// Hashes a right password anew when it would be hashed otherwise today (SECURITY PW-08).
    ///
    /// Nothing hangs on it: if it fails, the next sign-in does it.
    private func renew(
        _ stored: StoredPassword,
        of user: UserID,
        _ password: PresentedPassword,
        _ context: CallContext
    ) async {
        let hasher = parts.passwordHasher
        guard hasher.isOutdated(stored.hashed, normalization: PresentedPassword.currentVersion),
            let bytes = password.current, let policy = parts.policy.passwords.policy
        else { return }
        do {
            let hashed = HashedPassword(
                record: try await hasher.hash(bytes, until: context.deadline),
                pepperKeyID: hasher.pepperKeyID,
                normalization: PresentedPassword.currentVersion
            )
            let isLong = password.codePointCount >= policy.minimumAlone
            let renewal = RenewPassword(user: user, before: stored.hashed, hashed: hashed, isLong: isLong)
            _ = try await parts.transaction(context) { try $0.execute(renewal) }
        } catch {
            parts.logger.info("a password was not hashed anew", metadata: ["error": "\(error)"])
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
