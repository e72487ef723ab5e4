/// How the outbox is worked off; every number has its default.
package struct DeliveryPolicy: Sendable {
    /// Messages that one process sends at a time.
    package var concurrency = 8
    /// How long a claimed message is left to its worker; longer than a transport takes to give up.
    package var claim: Duration = .seconds(120)
    /// How often a process looks for due messages that nobody told it of.
    package var pollInterval: Duration = .seconds(10)
    /// Wait after the first temporary failure; doubles with each further one.
    package var firstRetry: Duration = .seconds(2)
    /// Longest wait between two attempts.
    package var longestRetry: Duration = .seconds(60)
    /// Attempts after which a message is given up.
    package var maximumAttempts: UInt32 = 12

    package init() {}

    /// The wait after `attempts` failed ones: full doubling, then a random part of one half of it taken off, so that
    /// messages which failed together do not come back together.
    ///
    /// `jitter` is 0..<1024.
    func wait(afterAttempts attempts: UInt32, jitter: UInt32) -> Duration {
        let doublings = min(attempts > 0 ? attempts - 1 : 0, 20)
        let longest = min(firstRetry * Int(1 << doublings), longestRetry)
        return longest - longest * Int(min(jitter, 1023)) / 2048
    }
}
