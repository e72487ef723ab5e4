import Cryptography
import MariaDB
import OneTimePasswords

/// Proof that one has the authenticator app that was set up (SECURITY 1.3).
///
/// A second factor, never the first of a sign-in; it alone confirms a session.
struct TOTPMethod: SignInMethod {
    let name = SignInMethodName.totp
    let store: TOTPStore

    let deliveryBudget: DeliveryBudget? = nil

    func isOffered(in situation: SignInSituation) -> Bool {
        situation.enrolment.methods.contains(name) && !situation.hasProved(name)
            && (situation.isConfirmation
                ? situation.enrolment.strongestKind <= .possession : !situation.factors.isEmpty)
    }

    /// The app makes its codes by itself.
    func beginChallenge(_ challenge: SignInChallenge, _ transaction: Transaction) throws {}

    func step(of flow: FlowID, identity: SignInIdentity, _ transaction: Transaction) throws -> SignInStep? { .totp }

    /// Any of the user's devices may have made the code; all are asked, so that their number shows in no time.
    func check(_ attempt: SignInAttempt, _ transaction: Transaction) throws -> SignInProof {
        guard case .totp(let typed, _) = attempt.response, let user = attempt.identity.owner?.userID else {
            return .failed(mayTryAgain: false)
        }
        guard let code = Self.canonical(typed) else { return .failed(mayTryAgain: true) }
        let rows = try transaction.all(LockTOTPDevices(user: user))
        let accepted = rows.compactMap { row in
            store.acceptedStep(of: code, row, at: attempt.now).map { (device: row.device.id, step: $0) }
        }
        guard let match = accepted.first else { return .failed(mayTryAgain: true) }
        let use = UseTOTPStep(device: match.device, step: match.step, now: attempt.now)
        return try transaction.execute(use) == 1 ? .proved : .failed(mayTryAgain: true)
    }

    func voidChallenges(of flow: FlowID, _ transaction: Transaction) throws {}

    /// What was typed without spaces and hyphens; nil when it is not digits.
    static func canonical(_ typed: SecretBytes) -> [UInt8]? {
        typed.withBytes { CodeAlphabet.decimal.canonical($0) }
    }
}
