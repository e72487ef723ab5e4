/// How long to wait before trying again: doubling, with a limit, and with a random part so that many do not try at once.
struct BackOff {
    private let first: Duration
    private let limit: Duration
    private var failures = 0

    init(first: Duration, limit: Duration) {
        self.first = first
        self.limit = limit
    }

    /// The wait after one more failure: between half and all of the doubled time.
    mutating func next() -> Duration {
        let doubled = min(limit, first * (1 << min(failures, 16)))
        failures += 1
        return doubled * Double.random(in: 0.5...1)
    }

    mutating func reset() { failures = 0 }
}
