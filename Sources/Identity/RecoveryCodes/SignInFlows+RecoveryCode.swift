package import Cryptography
import MariaDB
import Passwords

extension SignInFlows {
    /// Checks a recovery code, as the person typed it; what comes of it is a session for repairing the account.
    ///
    /// Throws `.throttled` when too many are being checked.
    package func submitRecoveryCode(
        _ handle: SecretBytes,
        code typed: SecretBytes,
        _ context: CallContext
    ) async throws(FlowError) -> SignInOutcome {
        try context.requireSignIn()
        guard let hash = TokenHash(of: handle, kind: .flowHandle) else { return .refused(.ended) }
        let code = RecoveryCode(typed: typed)
        try parts.passwordHasher.requireRoom(until: context.deadline)
        let (engine, parts) = (engine, parts)
        let now = parts.clock.now()
        let admission = try await parts.transaction(context) { transaction in
            try engine.admit(.recoveryCode, hash, context, at: now, transaction) { identity -> StoredRecoveryCode? in
                guard let user = identity.owner?.userID, let code else { return nil }
                return try transaction.all(ListRecoveryCodes(user: user)).first { stored in
                    stored.hashed.pepperKeyID.flatMap { code.lookup(of: user, parts.keyRing, keyID: $0) }
                        == stored.lookup
                }
            }
        }
        let attempt: SignInEngine.HashedAttempt<StoredRecoveryCode>
        switch admission {
        case .admitted(let admitted): attempt = admitted
        case .refused(let refusal): return .refused(refusal)
        }
        let presented = code?.presented ?? PresentedPassword("")
        let isRight = try await check(presented, attempt.stored?.hashed, of: attempt, context)
        let settledAt = parts.clock.now()
        let verdict = try await parts.transaction(context) { transaction in
            try engine.settle(attempt, isRight: isRight, hash, context, at: settledAt, transaction) {
                stored,
                user,
                context in
                guard try transaction.execute(UseRecoveryCode(code: stored.id)) == 1 else { return false }
                let used = AuthenticatorChange(
                    .recoveryCodeUsed,
                    .recoveryCodeUsed,
                    user: user,
                    id: stored.id.bytes
                )
                try used.write(parts, context, at: settledAt, transaction)
                return true
            }
        }
        parts.outboxSignal.raise()
        return outcome(of: verdict)
    }
}
