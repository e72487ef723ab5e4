import MariaDB

extension CallerFlows {
    /// Refuses a user whose last proof of identity is too old for a sensitive action; service accounts are not asked.
    package func requireFreshProof(_ context: CallContext) throws(FlowError) {
        try parts.requireFreshProof(context)
    }
}

extension CoreParts {
    /// What faces ask for a method that declares it, and flows ask themselves (SECURITY SU-01).
    ///
    /// A proof that lies in the future is none: the clock was set back since (SECURITY SU-06).
    func requireFreshProof(_ context: CallContext) throws(FlowError) {
        guard case .user(let session, _) = context.actor else { return }
        let age = clock.now() - session.authenticatedAt
        guard age >= .zero, age <= policy.proofFreshness else {
            let minutes = policy.proofFreshness.components.seconds / 60
            throw .stepUpRequired(session, "this needs a proof of identity not older than \(minutes) minutes")
        }
    }
}
