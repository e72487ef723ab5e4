import Cryptography
import MariaDB

/// Proof of an e-mail address or telephone number by a code that is sent there (SECURITY 1.2).
struct AddressCodeMethod: SignInMethod {
    let channel: CodeChannel
    let limits: IdentityPolicy
    let verifier: CodeVerifier
    let random: any RandomSource
    let outbox: OutboxStore
    let codes = CodeStore()

    var name: SignInMethodName { channel.method }

    private var policy: CodePolicy { channel.codePolicy(limits) }

    private var desk: CodeDesk { CodeDesk(policy: policy, verifier: verifier, random: random) }

    var deliveryBudget: DeliveryBudget? { channel.budget(limits) }

    /// As the first proof, since an address adds nothing to another, and beside a password that is too short to be the only
    /// one; it confirms no session of somebody who has a stronger factor.
    func isOffered(in situation: SignInSituation) -> Bool {
        let identity = situation.identity
        guard identity.kind == channel.addressKind, channel.serves(identity.canonical, limits),
            !situation.hasProved(name)
        else { return false }
        if situation.isConfirmation { return situation.enrolment.strongestKind == .address }
        return situation.factors.isEmpty || situation.needsCompanionOfPassword
    }

    /// Writes a fresh code; its message too, unless it is withheld, when nobody ever learns the code.
    func beginChallenge(_ challenge: SignInChallenge, _ transaction: Transaction) throws {
        let binding = binding(of: challenge.flowID, challenge.identity)
        let (code, expiresAt) = try desk.issue(binding, resendAt: challenge.nextAt, at: challenge.now, transaction)
        guard challenge.delivery != .withheld else { return }
        let message = channel.message(
            OneTimeCodeMessage(challenge.isConfirmation ? .confirmation : .signIn, code),
            to: challenge.identity.deliveryAddress,
            languages: challenge.languages,
            isDecoy: challenge.delivery == .decoy
        )
        let userID = challenge.identity.owner?.userID
        try outbox.enqueue(message, about: userID, at: challenge.now, expiresAt: expiresAt, transaction)
    }

    func step(of flow: FlowID, identity: SignInIdentity, _ transaction: Transaction) throws -> SignInStep? {
        guard let code = try codes.read(flow, .signIn, transaction) else {
            return .sendCode(maskedAddress: channel.masked(identity.value))
        }
        return .code(
            CodeStep(
                maskedAddress: channel.masked(identity.value),
                isBySMS: channel == .sms,
                length: UInt32(clamping: policy.length),
                expiresAt: code.expiresAt,
                resendAt: code.resendAt
            )
        )
    }

    func check(_ attempt: SignInAttempt, _ transaction: Transaction) throws -> SignInProof {
        guard case .code(let typed) = attempt.response else { return .failed(mayTryAgain: false) }
        return try desk.check(typed, binding(of: attempt.flowID, attempt.identity), at: attempt.now, transaction)
    }

    func voidChallenges(of flow: FlowID, _ transaction: Transaction) throws {
        try codes.void(flow, transaction)
    }

    private func binding(of flowID: FlowID, _ identity: SignInIdentity) -> CodeBinding {
        CodeBinding(
            flowID: flowID,
            purpose: .signIn,
            addressKind: identity.kind,
            addressCanonical: identity.canonical
        )
    }
}
