package import MariaDB

/// Who asks, from where, and how long they wait; every flow takes one.
package struct CallContext: Sendable {
    /// The one whose rights count.
    package enum Actor: Sendable {
        /// Nobody yet: a browser before sign-in, or a public method.
        case anonymous
        case serviceAccount(Caller)
        /// A signed-in person. `via` is the service account that carried the session token, nil on the site.
        case user(Session, via: Caller?)
        /// The server itself: purge, outbox, bootstrap.
        case system
    }

    package var actor: Actor
    /// The person's address, as far as it is known (SECURITY WEB-13); nil for local callers.
    package var source: SourceAddress?
    package var userAgent: String
    /// BCP 47 tags in order of preference, as the person's browser sent them.
    package var languages: String
    /// The secrets by which the person's device is recognised.
    package var devices: DeviceTokens = .none
    package var requestID: String
    package var deadline: Deadline
    /// Present on mutating RPC calls that asked for single effect.
    package var idempotency: IdempotencyKey?

    package init(
        actor: Actor,
        source: SourceAddress? = nil,
        userAgent: String = "",
        languages: String = "",
        requestID: String,
        deadline: Deadline,
        idempotency: IdempotencyKey? = nil
    ) {
        self.actor = actor
        self.source = source
        self.userAgent = userAgent
        self.languages = languages
        self.requestID = requestID
        self.deadline = deadline
        self.idempotency = idempotency
    }
}
