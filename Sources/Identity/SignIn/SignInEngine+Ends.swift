import MariaDB

// How a flow ends, and what the audit trail holds of it.
extension SignInEngine {
    /// Ends a flow with a session, new or confirmed.
    func end(_ flow: inout SignInFlow, with user: UserID, _ transaction: Transaction) throws {
        try flow.follow(.signIn)
        try flows.update(flow, signedIn: user, transaction)
        try voidChallenges(of: flow, transaction)
    }

    /// What the audit trail holds of a flow that ended with a session.
    func succeeded(
        _ flow: SignInFlow,
        _ user: UserID,
        _ session: Session,
        because reasons: [ReasonID]
    ) -> AuditEvent {
        AuditEvent(
            .signInSucceeded,
            reason: reasons.first,
            subjectUser: user,
            subjectID: flow.id.bytes,
            session: session.id,
            details: flow.methodDetails.merging(reasons.details) { $1 }
        )
    }

    /// Ends the flow; whoever holds it learns no reason, the audit trail does: `reason`, and what else led there.
    func refuse(
        _ flow: inout SignInFlow,
        _ user: UserID?,
        because reason: ReasonID,
        also others: [ReasonID] = [],
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> Verdict {
        try flow.follow(.refuse)
        try flows.update(flow, transaction)
        try voidChallenges(of: flow, transaction)
        let event = AuditEvent(
            .signInRefused,
            outcome: .denied,
            reason: reason,
            subjectUser: user,
            subjectID: flow.id.bytes,
            details: flow.methodDetails.merging(([reason] + others).details) { $1 }
        )
        try audit.append(event, context, transaction)
        return .refused(.ended)
    }
}

extension SignInFlow {
    /// The methods of what was proved, as the audit trail holds them.
    var methodDetails: [String: String] {
        ["methods": factors.map(\.method.rawValue).joined(separator: " ")]
    }
}

extension [ReasonID] {
    /// All reasons of a decision, as the audit trail holds them.
    var details: [String: String] { ["reasons": map(\.rawValue).joined(separator: " ")] }
}
