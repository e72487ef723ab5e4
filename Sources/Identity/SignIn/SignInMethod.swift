package import Cryptography
package import MariaDB

/// One way of proving who one is.
///
/// It knows its own challenge and proof, and no rule of the engine.
///
/// The engine asks in this order, inside one transaction: `isOffered`, then for a challenge its own counting by
/// `deliveryBudget` and `beginChallenge`; for a proof its own counting and `check`. A method never throws for a wrong
/// proof, so that what was counted is kept.
package protocol SignInMethod: Sendable {
    var name: SignInMethodName { get }
    /// The limits on what its challenges send; nil when it sends nothing.
    var deliveryBudget: DeliveryBudget? { get }

    /// Whether this method may be used where a flow stands; must not tell known from unknown names before the first proof.
    func isOffered(in situation: SignInSituation) -> Bool

    /// Makes a challenge, which voids the one before.
    ///
    /// Its `delivery` says what becomes of the message; unless that is sent, nobody learns a response that fits.
    func beginChallenge(_ challenge: SignInChallenge, _ transaction: Transaction) throws

    /// What the holder of the flow may know about the challenge under way; nil when there is none.
    func step(of flow: FlowID, identity: SignInIdentity, _ transaction: Transaction) throws -> SignInStep?

    /// Checks a response; counted already by the engine. Single use is settled here, by conditional writes.
    func check(_ attempt: SignInAttempt, _ transaction: Transaction) throws -> SignInProof

    /// Forgets the challenges of a flow.
    func voidChallenges(of flow: FlowID, _ transaction: Transaction) throws
}

/// A challenge to be made.
package struct SignInChallenge: Sendable {
    package let flowID: FlowID
    package let identity: SignInIdentity
    /// Whether what is sent may reach its address; otherwise the same is written and dropped (SECURITY EN-02).
    package let delivery: Delivery
    /// When the next challenge may be asked for.
    package let nextAt: Timestamp
    package let languages: String
    /// Whether a session is confirmed by it, which the message says (SECURITY SU-05).
    package let isConfirmation: Bool
    package let now: Timestamp

    /// What becomes of the message of a challenge.
    package enum Delivery: Sendable, Hashable {
        /// It is sent.
        case send
        /// It is written like any other and dropped by the worker: the address would not be let in.
        case decoy
        /// A budget is used up: nothing is written, and no response fits.
        case withheld
    }
}

/// A response to a challenge.
package struct SignInAttempt: Sendable {
    package let flowID: FlowID
    package let identity: SignInIdentity
    package let response: SignInResponse
    package let now: Timestamp
}

/// What a person answers; each method takes its own.
package enum SignInResponse: Sendable {
    /// A one-time code as it was typed.
    case code(SecretBytes)
    /// A one-time password of an authenticator app as it was typed, and whether this device is to be remembered.
    case totp(SecretBytes, remembersDevice: Bool)

    /// Whether a method checks it; of those that send codes one is on offer at a time.
    func isFor(_ method: SignInMethodName) -> Bool {
        switch self {
        case .code: method == .emailCode || method == .smsCode
        case .totp: method == .totp
        }
    }

    /// Whether the person wants no second factor to be asked for on this device for a while.
    var remembersDevice: Bool {
        if case .totp(_, let remembers) = self { remembers } else { false }
    }
}

/// What a method found.
package enum SignInProof: Sendable, Hashable {
    case proved
    /// The response was wrong or the challenge is no good any more.
    case failed(mayTryAgain: Bool)
}
