/// How far a flow has come.
///
/// Pure: the engine asks what an event leads to and stores the answer.
///
///     begin                identify                        sign in
///     ─────▶ identifying ───────────▶ proving ───────────────────────────▶ finished
///                 │                   │  ▲ │
///                 │        identify * └──┘ │   * only while nothing is proved
///                 │        challenge       │
///                 │        prove           │
///                 │                        │
///                 └───────▶ ended ◀────────┘
///                   cancel, refuse
///
/// `finished` and `ended` have no way out, and past its end of life a flow of any phase is over. So a session is only
/// reached through `proving`, and only with a proof on record for this very flow (SECURITY REC-02).
enum SignInPhase: UInt8, Sendable, Hashable, CaseIterable {
    /// Nobody knows yet who it is.
    case identifying = 1
    /// An identifier is named; proofs are taken.
    case proving = 2
    /// A session came of it.
    case finished = 3
    /// Cancelled, or refused for good.
    case ended = 4

    /// What can happen to a flow.
    enum Event: Sendable, Hashable, CaseIterable {
        case identify
        case challenge
        case prove
        case signIn
        case refuse
        case cancel
    }

    /// The phase after an event; nil when the event is not due.
    func after(_ event: Event, hasProof: Bool) -> SignInPhase? {
        switch (self, event) {
        case (.identifying, .identify): .proving
        case (.proving, .identify): hasProof ? nil : .proving
        case (.proving, .challenge), (.proving, .prove): .proving
        case (.proving, .signIn): hasProof ? .finished : nil
        case (.identifying, .refuse), (.identifying, .cancel), (.proving, .refuse), (.proving, .cancel): .ended
        case (.identifying, .challenge), (.identifying, .prove), (.identifying, .signIn): nil
        case (.finished, _), (.ended, _): nil
        }
    }

    /// Whether anything can still be done with the flow, its end of life apart.
    var isOpen: Bool { self == .identifying || self == .proving }
}
