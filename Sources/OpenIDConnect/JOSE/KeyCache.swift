/// The keys of a provider over time: when they are asked for again, and how long old ones stay good (SECURITY OI-08).
///
/// Pure: whoever holds it does the asking.
///
///     unknown key, or keys too old ──▶ fetch ──▶ fetched: new keys, those that are gone stay for a while
///            │                           └─────▶ failed: the old keys, until they are too old for that
///            └─ asked a moment ago ──▶ no key: whoever made that token up does not make us ask
package struct KeyCache: Sendable {
    /// How it behaves; all in seconds.
    package struct Policy: Sendable {
        /// After this the keys are asked for again.
        package var lifetime: Int64 = 3600
        /// How long keys stay good while the provider cannot be asked.
        package var patience: Int64 = 21_600
        /// The least time between two times of asking.
        package var interval: Int64 = 60
        /// How long a key stays good that the provider does not list any more.
        package var grace: Int64 = 300

        package init() {}
    }

    /// What to do for a token.
    package enum Plan: Sendable, Hashable {
        case use([JSONWebKey])
        case fetch
        /// No key fits, and the provider was asked a moment ago.
        case unknown
        /// There are no keys, and the provider could not be asked a moment ago.
        case unavailable
    }

    private let policy: Policy
    private var current = JSONWebKeySet(keys: [])
    private var former: [(key: JSONWebKey, until: Int64)] = []
    private var fetchedAt: Int64?
    private var attemptedAt: Int64?

    package init(policy: Policy = Policy()) { self.policy = policy }

    /// What to do for a token at a time in seconds.
    package func plan(for token: JSONWebToken, at now: Int64) -> Plan {
        let mayAsk = attemptedAt.map { now - $0 >= policy.interval || now < $0 } ?? true
        guard let fetchedAt else { return mayAsk ? .fetch : .unavailable }
        let age = now - fetchedAt
        let isFresh = (0..<policy.lifetime).contains(age)
        if !isFresh, mayAsk { return .fetch }
        guard isFresh || (0..<policy.patience).contains(age) else { return .unavailable }
        let known = current.keys + former.filter { now < $0.until }.map(\.key)
        let candidates = JSONWebKeySet(keys: known).candidates(for: token)
        if !candidates.isEmpty { return .use(candidates) }
        return mayAsk ? .fetch : .unknown
    }

    /// Takes what the provider listed.
    package mutating func take(_ keys: JSONWebKeySet, at now: Int64) {
        let gone = current.keys.filter { !keys.keys.contains($0) }
        former = former.filter { now < $0.until } + gone.map { ($0, now + policy.grace) }
        former = former.suffix(64)
        (current, fetchedAt, attemptedAt) = (keys, now, now)
    }

    /// Notes that the provider could not be asked.
    package mutating func fail(at now: Int64) { attemptedAt = now }
}
