import Cryptography
import MariaDB
import OneTimePasswords

/// Hands out codes and takes them back: what is the same whatever a code is for.
struct CodeDesk: Sendable {
    let policy: CodePolicy
    let verifier: CodeVerifier
    let random: any RandomSource
    private let store = CodeStore()

    init(policy: CodePolicy, verifier: CodeVerifier, random: any RandomSource) {
        (self.policy, self.verifier, self.random) = (policy, verifier, random)
    }

    /// The desk of a core for what travels by one channel.
    init(_ parts: CoreParts, _ channel: CodeChannel) {
        self.init(policy: channel.codePolicy(parts.policy), verifier: .keyed(by: parts.keyRing), random: parts.random)
    }

    /// Writes a fresh code, which voids the one before, and returns it in canonical form.
    func issue(
        _ binding: CodeBinding,
        resendAt: Timestamp,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> (code: SecretBytes, expiresAt: Timestamp) {
        let code = policy.alphabet.makeCode(length: policy.length, random: random)
        let stored = StoredCode(
            binding: binding,
            authenticationCode: verifier.authenticationCode(binding.authenticated(code: code.withBytes { Array($0) })),
            expiresAt: now + policy.lifetime,
            resendAt: resendAt,
            tries: 0
        )
        try store.put(stored, at: now, transaction)
        return (code, stored.expiresAt)
    }

    /// Takes a try, compares, uses the code up: each a conditional write, so parallel submissions cannot share one.
    func check(
        _ typed: SecretBytes,
        _ binding: CodeBinding,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> SignInProof {
        let tries = policy.maximumTries
        guard try store.takeTry(binding, maximumTries: tries, at: now, transaction),
            let stored = try store.read(binding.flowID, binding.purpose, transaction)
        else { return .failed(mayTryAgain: false) }
        let failure = SignInProof.failed(mayTryAgain: stored.tries < tries)
        guard let code = canonical(typed),
            verifier.isValid(stored.authenticationCode, binding.authenticated(code: code))
        else { return failure }
        return try store.consume(binding.flowID, binding.purpose, at: now, transaction) ? .proved : failure
    }

    /// The canonical form of what was typed; nil for what no code can be (SECURITY OTP-12).
    private func canonical(_ typed: SecretBytes) -> [UInt8]? {
        guard let text = typed.validatedUTF8String(), let code = policy.alphabet.canonical(text),
            code.count == policy.length
        else { return nil }
        return code
    }
}
