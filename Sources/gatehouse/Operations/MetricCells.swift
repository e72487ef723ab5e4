internal import CoreMetrics
internal import Synchronization

/// A number that only grows.
final class CounterCell: CounterHandler, Sendable {
    private let total = Atomic<Int64>(0)

    var value: Int64 { total.load(ordering: .relaxed) }

    func increment(by amount: Int64) {
        total.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() {
        total.store(0, ordering: .relaxed)
    }
}

/// A number that goes up and down.
final class GaugeCell: RecorderHandler, MeterHandler, Sendable {
    private let current = Mutex(0.0)

    var value: Double { current.withLock { $0 } }

    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { current.withLock { $0 = value } }
    func increment(by amount: Double) { current.withLock { $0 += amount } }
    func decrement(by amount: Double) { current.withLock { $0 -= amount } }
}

/// How often a value fell below each of a few bounds.
final class HistogramCell: RecorderHandler, TimerHandler, Sendable {
    /// Seconds, for durations.
    private static let durationBounds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
    private static let valueBounds: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1024, 4096]

    private struct State {
        var counts: [UInt64]
        var sum = 0.0
        var count: UInt64 = 0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(isDuration: Bool) {
        bounds = isDuration ? Self.durationBounds : Self.valueBounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count)))
    }

    func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }
    func record(_ value: Int64) { observe(Double(value)) }
    func record(_ value: Double) { observe(value) }

    private func observe(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 }
        state.withLock { state in
            if let bucket { state.counts[bucket] += 1 }
            state.sum += value
            state.count += 1
        }
    }

    /// The lines of one histogram, buckets cumulated as the format demands.
    func exposition(of key: MetricsRegistry.Key) -> String {
        let (counts, sum, count) = state.withLock { ($0.counts, $0.sum, $0.count) }
        var text = ""
        var cumulated: UInt64 = 0
        for (bound, number) in zip(bounds, counts) {
            cumulated += number
            text += "\(key.name)_bucket\(Self.labels(key.labels, bound: "\(bound)")) \(cumulated)\n"
        }
        text += "\(key.name)_bucket\(Self.labels(key.labels, bound: "+Inf")) \(count)\n"
        text += "\(key.name)_sum\(key.labels) \(sum)\n"
        text += "\(key.name)_count\(key.labels) \(count)\n"
        return text
    }

    private static func labels(_ labels: String, bound: String) -> String {
        labels.isEmpty ? "{le=\"\(bound)\"}" : "\(labels.dropLast()),le=\"\(bound)\"}"
    }
}
