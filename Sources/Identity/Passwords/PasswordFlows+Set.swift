package import Cryptography
import MariaDB
import Passwords

extension PasswordFlows {
    /// What is known before the hashing, in one transaction.
    private struct Situation: Sendable {
        let stored: StoredPassword?
        /// The current password has to be told (SECURITY PW-13).
        let needsCurrent: Bool
        let use: PasswordPolicy.Use
        let context: PasswordContext
        let former: [HashedPassword]
    }

    /// Sets the password of the person who is signed in, for the first time or anew.
    ///
    /// Only after a fresh proof by one's strongest factor, the password itself apart. The current password has to be told,
    /// unless the proof was another than the password: that is how a forgotten one is reset, and an enrolled second
    /// factor is asked for there as anywhere (SECURITY PW-13). All other sessions end (PW-14).
    ///
    /// Each try is counted before anything is hashed, and only a success ends the count: that a password was used before
    /// tells the present one, too (TH-03). What is refused unhashed is not counted.
    ///
    /// Throws `.invalidInput` with all that is wrong with the new password, or when the current one is wrong.
    package func set(
        _ typed: SecretBytes,
        current typedCurrent: SecretBytes?,
        _ context: CallContext
    ) async throws(FlowError) {
        let session = try context.requirePerson(repairing: true)
        guard let policy = parts.policy.passwords.policy else { throw .passwordsOff }
        let current = try typedCurrent.map { typed throws(FlowError) in
            try PresentedPassword(typed, field: "current_password")
        }
        guard let text = typed.validatedUTF8String() else {
            throw .invalid("new_password", .fieldInvalid, "must be UTF-8")
        }
        let situation = try await situation(of: session, hasCurrent: current != nil, context)
        let accepted = try review(text, situation, policy)
        try parts.passwordHasher.requireRoom(until: context.deadline)
        let admitted = try await EnrolmentTries(parts: parts, method: .password).admit(session, context)
        do {
            try await prove(current, situation, context)
            try await requireNew(text, situation, context)
        } catch  where error.code.isInvalidInput {
            try await record(error, session, admitted, context)
            throw error
        }
        let hashed = HashedPassword(
            record: try await parts.passwordHasher.hash(accepted.bytes, until: context.deadline),
            pepperKeyID: parts.passwordHasher.pepperKeyID,
            normalization: accepted.normalizationVersion
        )
        let isLong = accepted.codePointCount >= policy.minimumAlone
        try await put(hashed, isLong: isLong, after: situation.stored, of: session, context)
        parts.outboxSignal.raise()
    }

    private func situation(
        of session: Session,
        hasCurrent: Bool,
        _ context: CallContext
    ) async throws(FlowError) -> Situation {
        let parts = parts
        let now = parts.clock.now()
        let historyCount = parts.policy.passwords.historyCount
        return try await parts.transaction(context) { transaction -> Situation in
            try parts.requireFreshProof(context)
            guard try UserStore(parts: parts).lock(session.userID, at: now, transaction)?.state == .active else {
                throw FlowError.userStateUnsuitable
            }
            let enrolment = try parts.enrolment(of: session.userID, transaction)
            guard session.provedKind >= enrolment.strongestOther || session.isRecovering else {
                throw FlowError.proofTooWeak(session)
            }
            let stored = try transaction.first(ReadPassword(user: session.userID))
            guard try stored != nil || !transaction.all(ProvedAddresses(user: session.userID)).isEmpty else {
                throw FlowError.provedAddressNeeded
            }
            let needsCurrent = enrolment.password != nil && session.wasProvedByPassword
            guard hasCurrent || !needsCurrent else {
                throw FlowError.invalid("current_password", .fieldRequired, "the current password is needed")
            }
            let former = try transaction.all(ListFormerPasswords(user: session.userID, limit: historyCount))
            return Situation(
                stored: stored,
                needsCurrent: needsCurrent,
                use: enrolment.hasSecondFactor ? .withSecondFactor : .alone,
                context: try parts.passwordContext(of: session.userID, transaction),
                former: historyCount > 0 ? (stored.map { [$0.hashed] } ?? []) + former : []
            )
        }
    }

    private func review(
        _ text: String,
        _ situation: Situation,
        _ policy: PasswordPolicy
    ) throws(FlowError) -> AcceptedPassword {
        let review: PasswordReview
        do {
            review = try policy.review(
                text,
                for: situation.use,
                context: situation.context
            )
        } catch {
            throw FlowError(
                .internalFailure,
                reason: .internalFailure,
                message: "the password could not be reviewed",
                cause: error
            )
        }
        switch review {
        case .accepted(let password): return password
        case .refused(let problems): throw .invalid(problems.map(\.ofField))
        }
    }

    /// Demands that the current password is right, where it has to be told.
    private func prove(
        _ current: PresentedPassword?,
        _ situation: Situation,
        _ context: CallContext
    ) async throws(FlowError) {
        guard situation.needsCurrent, let current else { return }
        guard try await parts.passwordHasher.isRight(current, situation.stored?.hashed, until: context.deadline) else {
            throw .invalid("current_password", .passwordWrong, "is not the current password")
        }
    }

    /// Puts a refusal that tells something of a password into the audit trail; the person is told of many.
    private func record(
        _ refusal: FlowError,
        _ session: Session,
        _ admitted: ThrottleStore.Admitted,
        _ context: CallContext
    ) async throws(FlowError) {
        let audit = AuditStore(parts: parts)
        let tries = EnrolmentTries(parts: parts, method: .password)
        let now = parts.clock.now()
        let event = AuditEvent(
            .passwordChanged,
            outcome: .failure,
            reason: refusal.reason,
            subjectUser: session.userID,
            session: session.id
        )
        try await parts.transaction(context) { transaction in
            try audit.append(event, context, transaction)
            try tries.tellOfFailure(session, admitted, context, at: now, transaction)
        }
        parts.outboxSignal.raise()
    }

    /// Demands that the password is none of those before, where the policy does.
    private func requireNew(_ text: String, _ situation: Situation, _ context: CallContext) async throws(FlowError) {
        let password = PresentedPassword(text)
        for hashed in situation.former {
            guard try await !parts.passwordHasher.isRight(password, hashed, until: context.deadline) else {
                throw .invalid("new_password", .passwordUsedBefore, "was used before")
            }
        }
    }

    /// Writes it, if nothing was changed since it was looked at.
    private func put(
        _ hashed: HashedPassword,
        isLong: Bool,
        after before: StoredPassword?,
        of session: Session,
        _ context: CallContext
    ) async throws(FlowError) {
        let parts = parts
        let now = parts.clock.now()
        let user = session.userID
        let historyCount = parts.policy.passwords.historyCount
        let tries = EnrolmentTries(parts: parts, method: .password)
        try await parts.transaction(context) { transaction in
            guard try UserStore(parts: parts).lock(user, at: now, transaction)?.state == .active else {
                throw FlowError.userStateUnsuitable
            }
            guard try transaction.first(LockPassword(user: user)) == before else { throw FlowError.changedMeanwhile }
            try parts.requireStillLive(session, at: now, transaction)
            try transaction.execute(PutPassword(user: user, hashed: hashed, isLong: isLong, now: now))
            if let before, historyCount > 0 {
                try transaction.execute(InsertFormerPassword(user: user, stored: before))
                let oldest = OldestKeptPassword(user: user, count: historyCount)
                if let kept = try transaction.first(oldest) {
                    try transaction.execute(DeleteFormerPasswords(user: user, before: kept))
                }
            }
            _ = try SessionFlows.end(user, except: session.id, transaction)
            let isFirst = before == nil
            let change = AuthenticatorChange(
                isFirst ? .passwordSet : .passwordChanged,
                isFirst ? .authenticatorAdded : .passwordChanged,
                user: user,
                id: user.bytes
            )
            try change.write(parts, context, at: now, transaction)
            try tries.succeed(session, transaction)
        }
    }
}

extension CoreParts {
    /// Refuses what was begun in a session that has ended meanwhile, while a hash was computed.
    func requireStillLive(_ session: Session, at now: Timestamp, _ transaction: Transaction) throws {
        guard let row = try transaction.first(LockSession(session: session.id)), row.userID == session.userID,
            row.live(at: now, lastUse: lastUses.use(of: session.id)) != nil
        else { throw FlowError.sessionInvalid }
    }
}

extension Session {
    /// Whether a password was among the proofs.
    fileprivate var wasProvedByPassword: Bool {
        methods.contains(SignInMethodName.password.authenticationMethodReference)
    }
}

extension FlowError {
    static let changedMeanwhile = FlowError(
        .failedPrecondition,
        reason: .revisionConflict,
        message: "the password was changed meanwhile; try again"
    )
}

extension FlowError.Code {
    fileprivate var isInvalidInput: Bool {
        if case .invalidInput = self { true } else { false }
    }
}

extension PasswordProblem {
    /// The problem as callers are told it.
    fileprivate var ofField: FlowError.FieldProblem {
        let (reason, description): (ReasonID, String) =
            switch self {
            case .tooShort(let minimum): (.passwordTooShort, "at least \(minimum) characters")
            case .tooLong(let maximum): (.passwordTooLong, "at most \(maximum) characters")
            case .controlCharacter: (.passwordCharacter, "must not hold control characters")
            case .unassignedCharacter: (.passwordCharacter, "holds a character that is not known")
            case .blocklisted: (.passwordBlocklisted, "is common, or known from a breach")
            case .contextWord(.identifier): (.passwordContext, "is made of a name that you sign in with")
            case .contextWord(.name): (.passwordContext, "is made of your name")
            case .contextWord(.site): (.passwordContext, "is made of the name of this site")
            }
        return FlowError.FieldProblem(field: "new_password", reason: reason, description: description)
    }
}
