import Cryptography
import MariaDB
import OneTimePasswords

/// Proof of an e-mail address by a code that is sent there (SECURITY 1.2).
struct EmailCodeMethod: SignInMethod {
    let name = SignInMethodName.emailCode
    let policy: CodePolicy
    let verifier: CodeVerifier
    let random: any RandomSource
    let outbox: OutboxStore
    let codes = CodeStore()

    var deliveryBudget: DeliveryBudget? { DeliveryBudget(policy) }

    /// As the first proof, since an address adds nothing to another, and beside a password that is too short to be the only
    /// one; it confirms no session of somebody who has a stronger factor.
    func isOffered(in situation: SignInSituation) -> Bool {
        guard situation.identity.kind == .email, !situation.hasProved(name) else { return false }
        if situation.isConfirmation { return situation.enrolment.strongestKind == .address }
        return situation.factors.isEmpty || situation.needsCompanionOfPassword
    }

    /// Writes a fresh code; its message too, unless it is withheld, when nobody ever learns the code.
    func beginChallenge(_ challenge: SignInChallenge, _ transaction: Transaction) throws {
        let code = policy.alphabet.makeCode(length: policy.length, random: random)
        let binding = binding(of: challenge.flowID, challenge.identity)
        let expiresAt = challenge.now + policy.lifetime
        let stored = StoredCode(
            binding: binding,
            authenticationCode: verifier.authenticationCode(binding.authenticated(code: code.withBytes { Array($0) })),
            expiresAt: expiresAt,
            resendAt: challenge.nextAt,
            tries: 0
        )
        try codes.put(stored, at: challenge.now, transaction)
        guard challenge.delivery != .withheld else { return }
        let message = OutboxMessage(
            recipient: challenge.identity.deliveryAddress,
            languages: challenge.languages,
            content: challenge.isConfirmation ? .confirmationCode(code) : .signInCode(code),
            isDecoy: challenge.delivery == .decoy
        )
        let userID = challenge.identity.owner?.userID
        try outbox.enqueue(message, about: userID, at: challenge.now, expiresAt: expiresAt, transaction)
    }

    func step(of flow: FlowID, identity: SignInIdentity, _ transaction: Transaction) throws -> SignInStep? {
        guard let code = try codes.read(flow, .signIn, transaction) else {
            return .sendCode(maskedAddress: MaskedAddress.email(identity.value))
        }
        return .code(
            CodeStep(
                maskedAddress: MaskedAddress.email(identity.value),
                length: UInt32(clamping: policy.length),
                expiresAt: code.expiresAt,
                resendAt: code.resendAt
            )
        )
    }

    /// Takes a try, compares, uses the code up: each a conditional write, so parallel submissions cannot share one.
    func check(_ attempt: SignInAttempt, _ transaction: Transaction) throws -> SignInProof {
        guard case .code(let typed) = attempt.response else { return .failed(mayTryAgain: false) }
        let binding = binding(of: attempt.flowID, attempt.identity)
        let tries = policy.maximumTries
        guard try codes.takeTry(binding, maximumTries: tries, at: attempt.now, transaction),
            let stored = try codes.read(attempt.flowID, .signIn, transaction)
        else { return .failed(mayTryAgain: false) }
        let failure = SignInProof.failed(mayTryAgain: stored.tries < tries)
        guard let code = canonical(typed),
            verifier.isValid(stored.authenticationCode, binding.authenticated(code: code))
        else { return failure }
        return try codes.consume(attempt.flowID, .signIn, at: attempt.now, transaction) ? .proved : failure
    }

    func voidChallenges(of flow: FlowID, _ transaction: Transaction) throws {
        try codes.void(flow, transaction)
    }

    /// The canonical form of what was typed; nil for what no code can be (SECURITY OTP-12).
    private func canonical(_ typed: SecretBytes) -> [UInt8]? {
        guard let text = typed.validatedUTF8String(), let code = policy.alphabet.canonical(text),
            code.count == policy.length
        else { return nil }
        return code
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
