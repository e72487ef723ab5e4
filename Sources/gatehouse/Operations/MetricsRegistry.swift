internal import CoreMetrics
internal import Synchronization

/// Collects what the code counts through swift-metrics, for `/metrics`.
///
/// A backend of our own because the usual Prometheus one is not among the packages this project may use; it holds
/// counters, gauges and histograms, no more.
final class MetricsRegistry: Sendable {
    /// A metric's name with its labels, as the exposition format writes them.
    struct Key: Hashable, Comparable, Sendable {
        let name: String
        let labels: String

        static func < (left: Key, right: Key) -> Bool {
            (left.name, left.labels) < (right.name, right.labels)
        }
    }

    private struct State {
        var counters: [Key: CounterCell] = [:]
        var gauges: [Key: GaugeCell] = [:]
        var histograms: [Key: HistogramCell] = [:]
    }

    private let state = Mutex(State())

    func counter(_ key: Key) -> CounterCell {
        state.withLock { state in
            if let cell = state.counters[key] { return cell }
            let cell = CounterCell()
            state.counters[key] = cell
            return cell
        }
    }

    func gauge(_ key: Key) -> GaugeCell {
        state.withLock { state in
            if let cell = state.gauges[key] { return cell }
            let cell = GaugeCell()
            state.gauges[key] = cell
            return cell
        }
    }

    func histogram(_ key: Key, isDuration: Bool) -> HistogramCell {
        state.withLock { state in
            if let cell = state.histograms[key] { return cell }
            let cell = HistogramCell(isDuration: isDuration)
            state.histograms[key] = cell
            return cell
        }
    }

    /// Everything in the Prometheus text format, version 0.0.4.
    func exposition() -> String {
        let (counters, gauges, histograms) = state.withLock { ($0.counters, $0.gauges, $0.histograms) }
        var text = ""
        append(counters.sorted { $0.key < $1.key }, type: "counter", to: &text) { key, cell in
            "\(key.name)\(key.labels) \(cell.value)\n"
        }
        append(gauges.sorted { $0.key < $1.key }, type: "gauge", to: &text) { key, cell in
            "\(key.name)\(key.labels) \(cell.value)\n"
        }
        append(histograms.sorted { $0.key < $1.key }, type: "histogram", to: &text) { key, cell in
            cell.exposition(of: key)
        }
        return text
    }

    private func append<Cell>(
        _ cells: [(key: Key, value: Cell)],
        type: String,
        to text: inout String,
        line: (Key, Cell) -> String
    ) {
        var previous = ""
        for (key, cell) in cells {
            if key.name != previous { text += "# TYPE \(key.name) \(type)\n" }
            previous = key.name
            text += line(key, cell)
        }
    }
}
