/// The limits on tries (PRODUCT section 8, SECURITY 1.14); every number has its default.
package struct ThrottlePolicy: Sendable {
    /// Per account and method: 5 failures in 15 minutes block it for 5 minutes, then longer; 5 tries in 10 s for 30 s;
    /// 100 failures in a row disable it (NIST SP 800-63B-4 section 3.2.2).
    package var account = ThrottleRule(
        window: .seconds(900),
        limit: 5,
        block: .growing(first: .seconds(300), cap: .seconds(3600)),
        burst: .init(window: .seconds(10), limit: 5, block: .seconds(30)),
        disableAfter: 100
    )
    /// Tries of all methods from one source address; a success gives nothing back.
    package var source = ThrottleRule(window: .seconds(900), limit: 100)
    /// Tries of all methods from one source prefix (/32, /64).
    package var prefix = ThrottleRule(window: .seconds(900), limit: 300)
    /// Tries of passkeys from one source address; nobody guesses a signature, so this only bounds the work.
    package var passkeysPerSource = ThrottleRule(window: .seconds(900), limit: 1000)
    /// Tries of passkeys from one source prefix.
    package var passkeysPerPrefix = ThrottleRule(window: .seconds(900), limit: 3000)
    /// Tries of all methods from everywhere.
    package var total = ThrottleRule(window: .seconds(900), limit: 1_000_000)
    /// Sign-in flows begun from one source address.
    package var beginsPerSource = ThrottleRule(window: .seconds(900), limit: 300)
    /// Sign-in flows begun from one source prefix.
    package var beginsPerPrefix = ThrottleRule(window: .seconds(900), limit: 600)
    /// Rows that a total is spread over, so that it is no hot row.
    package var totalShards: UInt32 = 32
    /// After this time without a try a subject's blocks are short again.
    package var forgiveness: Duration = .seconds(86_400)

    package init() {}
}
