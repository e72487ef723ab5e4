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
    /// True when the account was made by this sign-in.
    package let isNewUser: Bool
    /// Where the face sends the person now, as given to `begin`.
    package let returnTarget: String

    package init(session: Session, token: SecretBytes, isNewUser: Bool, returnTarget: String) {
        self.session = session
        self.token = token
        self.isNewUser = isNewUser
        self.returnTarget = returnTarget
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
