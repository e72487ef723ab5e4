import MariaDB

/// A password as a step of signing in (SECURITY 1.1).
///
/// It only says when it is of use: hashing takes longer than a transaction may, so `SignInEngine+Password` counts in one
/// and settles in another.
struct PasswordMethod: SignInMethod {
    let name = SignInMethodName.password
    let isEnabled: Bool
    let deliveryBudget: DeliveryBudget? = nil

    /// As the first proof for every name alike; later, beside a thing one has, to reach the second level.
    func isOffered(in situation: SignInSituation) -> Bool {
        guard isEnabled, !situation.hasProved(name) else { return false }
        let hasPassword = situation.enrolment.methods.contains(name)
        if situation.isConfirmation { return hasPassword && situation.enrolment.strongestKind == .knowledge }
        if situation.factors.isEmpty { return true }
        return hasPassword && situation.factors.contains { $0.kind == .possession }
    }

    func beginChallenge(_ challenge: SignInChallenge, _ transaction: Transaction) throws {}

    func step(of flow: FlowID, identity: SignInIdentity, _ transaction: Transaction) throws -> SignInStep? { .password }

    func check(_ attempt: SignInAttempt, _ transaction: Transaction) throws -> SignInProof {
        .failed(mayTryAgain: false)
    }

    func voidChallenges(of flow: FlowID, _ transaction: Transaction) throws {}
}
