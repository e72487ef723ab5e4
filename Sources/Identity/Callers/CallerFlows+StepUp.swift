import MariaDB

extension CallerFlows {
    /// How old a proof may be for an action that demands a fresh one (PRODUCT section 6).
    private static let freshness = Duration.seconds(600)

    /// Refuses a user whose last proof of identity is too old for a sensitive action; service accounts are not asked.
    ///
    /// A proof that lies in the future is none: the clock was set back since (SECURITY SU-06).
    package func requireFreshProof(_ context: CallContext) throws(FlowError) {
        guard case .user(let session, _) = context.actor else { return }
        let age = parts.clock.now() - session.authenticatedAt
        guard age >= .zero, age <= Self.freshness else {
            throw FlowError(
                .stepUpRequired(session.level),
                reason: .stepUpRequired,
                message: "this needs a proof of identity not older than 10 minutes"
            )
        }
    }
}
