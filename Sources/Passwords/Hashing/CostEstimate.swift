/// How long work takes on this machine, learnt from the work that was done last.
///
/// What a record's parameters promise differs from machine to machine, and from an idle one to a busy one; the ratio of
/// what was measured to what was promised is kept as a moving average, the same for all kinds of record.
struct CostEstimate: Sendable {
    private var ratio = 1.0
    private static let weight = 0.125

    /// How long work takes that is promised to take `promised`.
    func duration(of promised: Duration) -> Duration { promised * ratio }

    /// Takes note of how long work took.
    mutating func learn(promised: Duration, measured: Duration) {
        guard promised > .zero else { return }
        // One that was held up, by a machine that slept or swapped, says little of the next.
        let latest = min(max(measured / promised, ratio / 4), ratio * 4)
        ratio = min(max(ratio + (latest - ratio) * Self.weight, 1e-3), 1e3)
    }
}
