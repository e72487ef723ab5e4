import MariaDB

/// A sign-in under way, as stored.
struct SignInFlow: Sendable {
    /// The name somebody typed.
    struct Identifier: Sendable, Hashable {
        let kind: IdentifierKind
        let value: String
        let canonical: [UInt8]
    }

    let id: FlowID
    /// The service account that began it; zero for the site.
    let callerID: ServiceAccountID
    var phase: SignInPhase
    var identifier: Identifier?
    /// What the caller that began it demands.
    let demand: AssuranceDemand
    var factors: [Factor]
    let returnTarget: String
    let languages: String
    let expiresAt: Timestamp
    /// The session whose user proves anew who he is (step-up); nil when a session is to come of it.
    var confirming: Confirming?
    /// The device that is recognised as that of whoever was named; asked again before it counts for anything.
    var deviceID: DeviceID?
    /// Whether the person wants no second factor to be asked for on this device; known in the last step only.
    var remembersDevice = false
    /// Whether this sign-in made the account, by a provider's word.
    var isNewUser = false
    /// The provider's name for its session.
    var externalSession: String?
    /// Whether challenges may be stored for it, to be voided when it ends.
    var hasChallenges = true
    /// The person's end of the line when the flow began, for callers that tell it only once.
    var client = Client()

    /// A session to be confirmed.
    struct Confirming: Sendable, Hashable {
        let session: SessionID
        let user: UserID
    }

    /// From where somebody signs in.
    struct Client: Sendable, Hashable {
        var source: SourceAddress?
        var userAgent = ""
        /// The devices that it may be, of all who signed in there.
        var devices = DeviceTokens.none

        /// Takes what a later call tells and the first one did not.
        ///
        /// What was told stays: a flow cannot move to another source to escape its limits.
        mutating func complete(from context: CallContext) {
            if source == nil { source = context.source }
            if userAgent.isEmpty { userAgent = context.userAgent.prefix(scalars: 512) }
            if devices.hashes.isEmpty { devices = context.devices }
        }
    }

    /// Follows an event to its phase; throws `step_not_due` when the event is not due.
    ///
    /// Nothing was counted then.
    mutating func follow(_ event: SignInPhase.Event) throws {
        guard let next = phase.after(event, hasProof: !factors.isEmpty) else { throw FlowError.stepNotDue }
        phase = next
    }
}

extension CallContext {
    /// The same call with what its flow knows of the person's end of the line, where this call does not tell it.
    ///
    /// An application tells it once, when the flow begins; its later steps count and are written down alike.
    func completed(from flow: SignInFlow) -> CallContext {
        var context = self
        if context.source == nil { context.source = flow.client.source }
        if context.userAgent.isEmpty { context.userAgent = flow.client.userAgent }
        if context.devices.hashes.isEmpty { context.devices = flow.client.devices }
        return context
    }
}

extension FlowError {
    /// The user has no address to prove, so nothing can be asked of him.
    static let stepUpImpossible = FlowError(
        .failedPrecondition,
        reason: .stepUpImpossible,
        message: "the user has no verified e-mail address to prove"
    )

    /// The handle is unknown, another's, or its flow is over: all the same to who holds it.
    static let flowEnded = FlowError(
        .failedPrecondition,
        reason: .signInFlowEnded,
        message: "the sign-in has ended; begin again"
    )

    /// The flow does not wait for this.
    static let stepNotDue = FlowError(
        .failedPrecondition,
        reason: .signInStepNotDue,
        message: "the sign-in does not wait for this step"
    )

    /// Too many tries or messages.
    package static func throttled(retryAfter: Duration) -> FlowError {
        FlowError(.throttled(retryAfter: retryAfter), reason: .throttled, message: "too many attempts; try again later")
    }
}
