import MariaDB

/// A recovery code in place of a second factor that is lost, for a session that repairs the account (SECURITY RC-05).
///
/// It only says when it is of use; `SignInFlows.submitRecoveryCode` checks it, which takes a hash.
struct RecoveryCodeMethod: SignInMethod {
    let name = SignInMethodName.recoveryCode
    let deliveryBudget: DeliveryBudget? = nil

    /// After a first proof, and never to confirm a session.
    func isOffered(in situation: SignInSituation) -> Bool {
        situation.enrolment.methods.contains(name) && situation.enrolment.hasSecondFactor
            && !situation.isConfirmation && !situation.factors.isEmpty && !situation.hasProved(name)
    }

    func beginChallenge(_ challenge: SignInChallenge, _ transaction: Transaction) throws {}

    func step(of flow: FlowID, identity: SignInIdentity, _ transaction: Transaction) throws -> SignInStep? {
        .recoveryCode
    }

    func check(_ attempt: SignInAttempt, _ transaction: Transaction) throws -> SignInProof {
        .failed(mayTryAgain: false)
    }

    func voidChallenges(of flow: FlowID, _ transaction: Transaction) throws {}
}
