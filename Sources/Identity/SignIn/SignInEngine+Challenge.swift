import MariaDB

extension SignInEngine {
    /// What the budgets say to a challenge.
    enum ChallengePlan: Sendable, Hashable {
        case deliver(SignInChallenge.Delivery, nextAt: Timestamp)
        /// The address or account has had enough: the flow goes on, and nothing is sent.
        case withheld(until: Timestamp?)
        /// The one who asks, or the server, has had enough: nothing is done at all.
        case refused(until: Timestamp?)
    }

    /// Counts a challenge against all budgets, the same rows for a known and an unknown name; nil when no method on offer
    /// sends anything.
    func planChallenge(
        for identity: SignInIdentity,
        in flow: SignInFlow,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> ChallengePlan? {
        guard let method = try sendingMethod(for: identity, in: flow, transaction),
            let budget = method.deliveryBudget
        else { return nil }
        let isSent = try wouldBeKnown(identity, at: now, transaction)
        let subjects = sendSubjects(budget, method.name, identity, context)
        let admission =
            identity.kind == .phone
            ? try countNumber(subjects, isSent, at: now, transaction)
            : try throttles.count(subjects, at: now, transaction)
        switch admission {
        case .admitted: return .deliver(isSent ? .send : .decoy, nextAt: now + budget.interval)
        case .blocked(let kind, let until):
            switch kind {
            case .sendInterval, .sendsToAddress: return .withheld(until: until)
            // When it ends would tell of two addresses that they are one person's.
            case .sendsOfAccount: return .withheld(until: now + budget.interval)
            default: return .refused(until: until)
            }
        }
    }

    /// Makes the challenge of the method that sends one.
    ///
    /// Who would not be let in gets a decoy: the same rows, dropped at delivery (SECURITY EN-02).
    func challenge(
        _ flow: SignInFlow,
        _ identity: SignInIdentity,
        _ plan: ChallengePlan,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        guard let method = try sendingMethod(for: identity, in: flow, transaction) else { return }
        let (delivery, nextAt) = Self.delivery(of: plan, at: now)
        let challenge = SignInChallenge(
            flowID: flow.id,
            identity: identity,
            delivery: delivery,
            nextAt: nextAt,
            languages: flow.languages,
            isConfirmation: flow.confirming != nil,
            now: now
        )
        try method.beginChallenge(challenge, transaction)
        guard delivery != .withheld else { return }
        let event = AuditEvent(
            .signInCodeSent,
            subjectUser: identity.owner?.userID,
            subjectID: flow.id.bytes,
            details: ["method": method.name.rawValue]
        )
        try audit.append(event, context, transaction)
    }

    /// The method on offer that sends something.
    private func sendingMethod(
        for identity: SignInIdentity,
        in flow: SignInFlow,
        _ transaction: Transaction
    ) throws -> (any SignInMethod)? {
        try offered(to: identity, in: flow, transaction).first { $0.deliveryBudget != nil }
    }

    /// Whether a proof of this name could end in a session, states and levels apart.
    ///
    /// A telephone number registers nobody, and only its owner who proved it signs in by it (SECURITY OTP-09). Invitations are
    /// looked for whoever it is, with the same work (SECURITY EN-02).
    func wouldBeKnown(_ identity: SignInIdentity, at now: Timestamp, _ transaction: Transaction) throws -> Bool {
        guard identity.kind == .email else { return identity.owner?.isVerified == true }
        let registration = parts.policy.selfRegistration
        guard registration != .open else { return true }
        let isInvited = try openInvitation(to: identity.canonical, at: now, transaction) != nil
        return identity.owner != nil || isInvited || registration.admits(canonicalEmail: identity.canonical)
    }

    /// The row that keeps messages to one address apart; a proof of the address ends it.
    func intervalSubject(_ budget: DeliveryBudget, _ method: SignInMethodName, _ identity: SignInIdentity)
        -> ThrottleSubject
    {
        keys.intervalSubject(
            budget,
            label: method.rawValue,
            address: identity.throttledAddress,
            owner: identity.owner?.userID
        )
    }

    /// Counts a message to a telephone number.
    ///
    /// Everybody is refused once the budget of a country or of all together is used up, and only messages that cost something
    /// use it up: else whoever names numbers that nobody has here keeps all others out (TH-05). What is not sent is counted in
    /// rows beside, with the same work (SECURITY EN-02).
    private func countNumber(
        _ subjects: [ThrottleSubject],
        _ isSent: Bool,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> ThrottleStore.Admission {
        let shared = subjects.filter(\.kind.isShared)
        let admission = try throttles.count(subjects.filter { !$0.kind.isShared }, at: now, transaction)
        guard case .admitted(let admitted) = admission else { return admission }
        if let blocked = try throttles.blocked(shared, at: now, transaction) { return blocked }
        let counted = try throttles.count(isSent ? shared : shared.map(keys.decoy), at: now, transaction)
        return isSent ? counted : .admitted(admitted)
    }

    private static func delivery(
        of plan: ChallengePlan,
        at now: Timestamp
    ) -> (SignInChallenge.Delivery, nextAt: Timestamp) {
        switch plan {
        case .deliver(let delivery, let nextAt): (delivery, nextAt)
        case .withheld(let until), .refused(let until): (.withheld, until ?? now)
        }
    }

    private func sendSubjects(
        _ budget: DeliveryBudget,
        _ method: SignInMethodName,
        _ identity: SignInIdentity,
        _ context: CallContext
    ) -> [ThrottleSubject] {
        keys.sendSubjects(
            budget,
            label: method.rawValue,
            address: identity.throttledAddress,
            number: identity.kind == .phone ? identity.canonical : nil,
            owner: identity.owner?.userID,
            account: identity.throttledAccount,
            from: context.source,
            parts
        )
    }
}
