import MariaDB

extension CallerFlows {
    /// Refuses a user whose last proof of identity is too old for a sensitive action; service accounts are not asked.
    ///
    /// The refusal is in the audit trail.
    package func requireFreshProof(_ context: CallContext) async throws(FlowError) {
        do {
            try parts.requireFreshProof(context)
        } catch {
            try await parts.recordStepUp(error, context)
            throw error
        }
    }
}

extension CallerFlows {
    /// Refuses a user whose last proof of identity is too old, or not by the strongest factor, before a page shows a form
    /// that would be refused.
    ///
    /// The flow behind the form asks again: this is so that nobody types in vain.
    package func requireStrongestProof(_ context: CallContext) async throws(FlowError) {
        let parts = parts
        try await parts.transaction(context) { try parts.requireStrongestProof(context, $0) }
    }
}

extension CoreParts {
    /// What faces ask for a method that declares it, and flows ask themselves (SECURITY SU-01).
    ///
    /// A proof that lies in the future is none: the clock was set back since (SECURITY SU-06).
    func requireFreshProof(_ context: CallContext) throws(FlowError) {
        guard case .user(let session, _) = context.actor else { return }
        guard session.applicationID == nil else { throw .sessionOfApplication }
        let age = clock.now() - session.authenticatedAt
        guard age >= .zero, age <= policy.proofFreshness else {
            let minutes = policy.proofFreshness.components.seconds / 60
            let message = "this needs a proof of identity not older than \(minutes) minutes"
            throw .stepUpRequired(session, because: .proofStale, message)
        }
    }

    /// Puts it into the audit trail that a user was asked to prove anew who he is (SECURITY LOG-01).
    ///
    /// In a transaction of its own, since what was asked for is rolled back, or was not begun.
    func recordStepUp(_ refusal: FlowError, _ context: CallContext) async throws(FlowError) {
        guard case .stepUpRequired(let level, let reason) = refusal.code, case .user(let session, _) = context.actor
        else { return }
        let event = AuditEvent(
            .stepUpDemanded,
            outcome: .denied,
            reason: reason,
            subjectUser: session.userID,
            session: session.id,
            details: ["level": "\(level)"]
        )
        let audit = AuditStore(parts: self)
        try await commit(context) { try audit.append(event, context, $0) }
    }

    /// Puts it into the audit trail that somebody was refused for want of authority, or because nobody would be left who has
    /// it (SECURITY LOG-01); what he may not call at all is there already.
    ///
    /// In a transaction of its own, since what was asked for is rolled back.
    func recordDenial(_ refusal: FlowError, _ context: CallContext) async throws(FlowError) {
        guard refusal.reason == .authorityMissing || refusal.reason == .lastOwner else { return }
        let audit = AuditStore(parts: self)
        let event = AuditEvent(.accessDenied, outcome: .denied, reason: refusal.reason)
        try await commit(context) { try audit.append(event, context, $0) }
    }

    /// The same for rows of an import that were refused, each by its number.
    func recordDenials(in results: [ImportResult], _ context: CallContext) async throws(FlowError) {
        let events = results.compactMap { result in
            result.denial.map { reason in
                AuditEvent(.accessDenied, outcome: .denied, reason: reason, details: ["row": "\(result.number)"])
            }
        }
        guard !events.isEmpty else { return }
        let audit = AuditStore(parts: self)
        try await commit(context) { try audit.append(events, context, $0) }
    }
}
