package import Cryptography

/// What came of a proof.
package enum SignInOutcome: Sendable {
    case signedIn(SignedIn)
    /// More is to be proved.
    case proceed(SignInView)
    case refused(SignInRefusal)
}

/// The end of a flow: a session and its token.
package struct SignedIn: Sendable {
    package let session: Session
    /// Shown once; stored hashed.
    package let token: SecretBytes
    /// By which this device is recognised from now on, to be kept there; nil when it was already, or on step-up.
    package let deviceToken: SecretBytes?
    /// True when no session was made: the one the flow began with has a new token, and the old one is void.
    package let isConfirmation: Bool
    /// True when the account was made by this sign-in.
    package let isNewUser: Bool
    /// Where the face sends the person now, as given to `begin`.
    package let returnTarget: String
    /// Why the proofs were enough, as in the audit trail.
    package let reasons: [ReasonID]
    /// What is to be done after the commit.
    let leftovers: Leftovers

    /// What a sign-in leaves to do once it is committed.
    struct Leftovers: Sendable, Hashable {
        /// Whether somebody may have been written to; otherwise there is nothing to wake the worker for.
        var hasMessages = true
        /// Whether failures in a row may have been counted, which an owner who is there ends.
        var hasFailures = true
    }

    init(
        session: Session,
        token: SecretBytes,
        deviceToken: SecretBytes? = nil,
        isConfirmation: Bool = false,
        isNewUser: Bool = false,
        returnTarget: String,
        reasons: [ReasonID] = [],
        leftovers: Leftovers = Leftovers()
    ) {
        self.session = session
        self.token = token
        self.deviceToken = deviceToken
        self.isConfirmation = isConfirmation
        self.isNewUser = isNewUser
        self.returnTarget = returnTarget
        self.reasons = reasons
        self.leftovers = leftovers
    }
}

/// Why a proof did not sign anybody in.
///
/// Browsers see one uniform text for all; trusted callers learn when to retry.
package enum SignInRefusal: Sendable, Hashable {
    /// The proof was wrong; the step may be tried again.
    case tryAgain
    /// Nothing more can be done with this flow, or with this code: begin again, or ask for a new code.
    case ended
    /// Too many tries; nothing was checked.
    case throttled(retryAfter: Duration)
}
