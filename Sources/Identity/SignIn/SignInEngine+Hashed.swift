import MariaDB

// Proofs whose check is a hash that is meant to take long. It is computed between two transactions, so that no lock is held
// meanwhile: one counts the try and reads what is stored, the other settles it, if flow and store still are what they were.
extension SignInEngine {
    /// A proof that was counted, and what it is to be checked against.
    struct HashedAttempt<Stored: Sendable & Hashable>: Sendable {
        let method: SignInMethodName
        let identity: SignInIdentity
        /// nil when nobody can be let in by it; the same work is done then.
        let stored: Stored?
        let admitted: ThrottleStore.Admitted
        /// What it was counted on; the device may be forgotten while it is checked.
        let account: ThrottleSubject
    }

    /// What counting came to.
    enum HashedAdmission<Stored: Sendable & Hashable>: Sendable {
        case admitted(HashedAttempt<Stored>)
        case refused(SignInRefusal)
    }

    /// Counts a proof, for known and unknown names alike, before it is checked (SECURITY TH-03).
    ///
    /// `read` gives what is stored for a name, nil when it lets nobody in.
    func admit<Stored>(
        _ method: SignInMethodName,
        _ handle: TokenHash,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction,
        reading read: (SignInIdentity) throws -> Stored?
    ) throws -> HashedAdmission<Stored> {
        guard var flow = try flows.lockOpen(handle, of: context.flowOwner, at: now, transaction) else {
            return .refused(.ended)
        }
        try flow.follow(.prove)
        let identity = try identity(of: flow, at: now, transaction)
        let context = context.completed(from: flow)
        guard try offered(to: identity, in: flow, transaction).contains(where: { $0.name == method }) else {
            throw FlowError.stepNotDue
        }
        let account = accountSubject(method, identity)
        let admission = try throttles.count([account] + commonSubjects(context, identity), at: now, transaction)
        guard case .admitted(let admitted) = admission else { return .refused(refusal(admission, at: now)) }
        return .admitted(
            HashedAttempt(
                method: method,
                identity: identity,
                stored: try read(identity),
                admitted: admitted,
                account: account
            )
        )
    }

    /// What is left of a try that could not be checked: it stays counted, and if it was the last one, its owner is told.
    func abandon<Stored>(
        _ attempt: HashedAttempt<Stored>,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        try tellOfFailures(attempt.admitted, attempt.method, attempt.identity, context, at: now, transaction)
    }

    /// Settles a proof that was checked.
    ///
    /// `use` says whether what is stored still is what it was checked against, and uses it up if it is good for once;
    /// `date` gives when it was set, where that matters later.
    func settle<Stored>(
        _ attempt: HashedAttempt<Stored>,
        isRight: Bool,
        _ handle: TokenHash,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction,
        datedBy date: (Stored) -> Timestamp? = { _ in nil },
        using use: (Stored, UserID, CallContext) throws -> Bool
    ) throws -> Verdict {
        guard var flow = try flows.lockOpen(handle, of: context.flowOwner, at: now, transaction) else {
            return .refused(.ended)
        }
        try flow.follow(.prove)
        if isRight, attempt.stored != nil {
            // Before the password and whatever is read, as a change of it does: so neither waits for the other in turn, and
            // what the change wrote is seen.
            _ = try lockOwner(attempt.identity, transaction)
        }
        let identity = try identity(of: flow, at: now, transaction)
        let context = context.completed(from: flow)
        let method = attempt.method
        let isSameStep =
            identity.kind == attempt.identity.kind && identity.canonical == attempt.identity.canonical
            && identity.owner?.userID == attempt.identity.owner?.userID && !flow.hasProved(method)
        guard isRight, isSameStep, let stored = attempt.stored, let user = identity.owner?.userID,
            try use(stored, user, context)
        else {
            try recordFailure(of: method, flow, identity, attempt.admitted, context, transaction)
            try tellOfFailures(attempt.admitted, method, identity, context, at: now, transaction)
            return .refused(.tryAgain)
        }
        try throttles.succeed(attempt.account, transaction)
        let factor = Factor(method: method, kind: method.factorKind, provedAt: now, setAt: date(stored))
        flow.factors.append(factor)
        return try decide(&flow, identity, attempt.admitted.failuresBefore, context, at: now, transaction)
    }
}

extension SignInIdentity {
    /// Whether its owner's password may be used with this name: one that they proved, or a user name (SECURITY REC-05).
    var mayUsePassword: Bool {
        guard let owner else { return false }
        return owner.isVerified || kind == .username
    }
}
