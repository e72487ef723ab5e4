package import Cryptography
package import MariaDB

/// Where a flow stands, as far as its holder may know; the same for known and unknown addresses (SECURITY EN-01).
package struct SignInView: Sendable, Hashable {
    package let id: FlowID
    package let expiresAt: Timestamp
    /// What may be done next; one of these is enough.
    package let steps: [SignInStep]
    package let returnTarget: String
    /// Whether it proves anew who somebody is who is signed in (step-up), instead of signing in.
    package let isConfirmation: Bool
    /// Why the proofs so far were not enough, as in the audit trail; empty before the first one.
    package let reasons: [ReasonID]

    package init(
        id: FlowID,
        expiresAt: Timestamp,
        steps: [SignInStep],
        returnTarget: String,
        isConfirmation: Bool = false,
        reasons: [ReasonID] = []
    ) {
        self.id = id
        self.expiresAt = expiresAt
        self.steps = steps
        self.returnTarget = returnTarget
        self.isConfirmation = isConfirmation
        self.reasons = reasons
    }
}

/// One way to go on with a flow.
package enum SignInStep: Sendable, Hashable {
    /// The person says who they are.
    case identify
    /// The person types the code that was sent, or could have been.
    case code(CodeStep)
    /// The person asks for a code; none is under way.
    case sendCode(maskedAddress: String)
    /// The person types their password.
    case password
    /// The person types one of their recovery codes, for a session that only repairs the account.
    case recoveryCode
    /// The person types what an authenticator app shows.
    case totp
    /// A passkey is used; its challenge is asked for when it is.
    case passkey
}

/// What is known about a one-time code under way.
package struct CodeStep: Sendable, Hashable {
    /// Where it goes, masked: `a•••@example.com`.
    package let maskedAddress: String
    /// Whether it goes to a telephone, instead of a mailbox.
    package let isBySMS: Bool
    /// Characters of the code, without separators.
    package let length: UInt32
    package let expiresAt: Timestamp
    /// When another one may be asked for.
    package let resendAt: Timestamp

    package init(
        maskedAddress: String,
        isBySMS: Bool,
        length: UInt32,
        expiresAt: Timestamp,
        resendAt: Timestamp
    ) {
        self.maskedAddress = maskedAddress
        self.isBySMS = isBySMS
        self.length = length
        self.expiresAt = expiresAt
        self.resendAt = resendAt
    }
}

/// A flow that has just begun, with the handle that only its holder may know.
package struct StartedSignIn: Sendable {
    /// `ghf_` and 49 characters; kept in an HttpOnly cookie or by the RPC caller.
    package let handle: SecretBytes
    package let view: SignInView
    /// What a passkey is to answer; nil when that was not asked for, or passkeys are not in use.
    package let passkey: PasskeyOptions?

    package init(handle: SecretBytes, view: SignInView, passkey: PasskeyOptions? = nil) {
        self.handle = handle
        self.view = view
        self.passkey = passkey
    }
}
