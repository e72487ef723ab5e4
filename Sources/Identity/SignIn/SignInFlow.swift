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
    let wantedLevel: AssuranceLevel?
    var factors: [Factor]
    let returnTarget: String
    let languages: String
    let expiresAt: Timestamp

    /// Follows an event to its phase; throws `step_not_due` when the event is not due.
    ///
    /// Nothing was counted then.
    mutating func follow(_ event: SignInPhase.Event) throws {
        guard let next = phase.after(event, hasProof: !factors.isEmpty) else { throw FlowError.stepNotDue }
        phase = next
    }
}

extension FlowError {
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
    static func throttled(retryAfter: Duration) -> FlowError {
        FlowError(.throttled(retryAfter: retryAfter), reason: .throttled, message: "too many attempts; try again later")
    }
}
