/// How often something may be tried, and what happens after that.
package struct ThrottleRule: Sendable, Hashable {
    /// How long a subject that used its window up is blocked.
    package enum Block: Sendable, Hashable {
        /// Until the window ends: a budget.
        case untilWindowEnds
        /// For `first`, and twice as long each time it happens again, up to `cap`: a guard on a secret.
        case growing(first: Duration, cap: Duration)
    }

    /// Tries that come too fast to be a person's.
    package struct Burst: Sendable, Hashable {
        package var window: Duration
        package var limit: UInt32
        package var block: Duration

        package init(window: Duration, limit: UInt32, block: Duration) {
            self.window = window
            self.limit = limit
            self.block = block
        }
    }

    package var window: Duration
    /// Tries in one window; at least 1.
    package var limit: UInt32
    package var block: Block
    package var burst: Burst?
    /// Tries in a row without success that disable the authenticator until an administrator clears it.
    package var disableAfter: UInt32?

    package init(
        window: Duration,
        limit: UInt32,
        block: Block = .untilWindowEnds,
        burst: Burst? = nil,
        disableAfter: UInt32? = nil
    ) {
        self.window = window
        self.limit = limit
        self.block = block
        self.burst = burst
        self.disableAfter = disableAfter
    }
}
