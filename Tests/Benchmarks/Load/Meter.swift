internal import Foundation
internal import RPCClient

/// Puts load on by many callers, and measures what comes of it.
struct Meter: Sendable {
    let callers: Int
    let duration: Duration
    /// Calls a second of all callers together; nil: each begins its next when it has its answer.
    let rate: Double?
    /// Processes whose processor time is measured beside our own.
    let processes: [Int32]

    /// Runs `body` over and over; the first tenth of the time warms up and does not count.
    ///
    /// At a given rate each call is due at a time of its own, and what it waits for a caller counts as latency; how late
    /// the clock wakes a caller does not. What the server refused because it has too much to do is counted apart.
    func measure(_ body: @escaping @Sendable (_ caller: Int, _ round: Int) async throws -> Void) async throws
        -> Measurement
    {
        let start = ContinuousClock.now
        let window = (start + duration / 10)..<(start + duration)
        return try await withThrowingTaskGroup(of: CallerRecord.self) { group in
            for caller in 0..<callers {
                group.addTask { try await run(caller, from: start, window, body) }
            }
            try await Task.sleep(until: window.lowerBound, clock: .continuous)
            let before = processorTimes
            try await Task.sleep(until: window.upperBound, clock: .continuous)
            let spent = zip(processorTimes, before).map { $0 - $1 }
            var record = CallerRecord()
            for try await caller in group { record.add(caller) }
            record.samples.sort()
            return Measurement(record: record, time: duration - duration / 10, processorTimes: spent)
        }
    }

    private func run(
        _ caller: Int,
        from start: ContinuousClock.Instant,
        _ window: Range<ContinuousClock.Instant>,
        _ body: @Sendable (Int, Int) async throws -> Void
    ) async throws -> CallerRecord {
        var record = CallerRecord()
        var round = 0
        while true {
            let due = rate.map { start + .seconds(Double(round * callers + caller) / $0) } ?? ContinuousClock.now
            guard due < window.upperBound else { return record }
            var began = due
            if due > ContinuousClock.now {
                try await Task.sleep(until: due, tolerance: .zero, clock: .continuous)
                began = .now
            }
            let isAnswered = try await isAnswered { try await body(caller, round) }
            let end = ContinuousClock.now
            if window.contains(end) {
                if isAnswered { record.samples.append(end - began) } else { record.refusals += 1 }
            }
            round += 1
        }
    }

    /// False when the server had too much to do.
    private func isAnswered(_ call: () async throws -> Void) async throws -> Bool {
        do {
            try await call()
            return true
        } catch {
            switch (error as? RPCError)?.code {
            case .resourceExhausted, .deadlineExceeded, .unavailable: return false
            default: throw error
            }
        }
    }

    /// Our own first.
    private var processorTimes: [Duration] {
        [Self.time(of: CLOCK_PROCESS_CPUTIME_ID)] + processes.map { Self.time(of: (~$0 << 3) | 2) }
    }

    /// The clock of a process counts all its threads, those that ended too; its number is the kernel's ABI.
    private static func time(of clock: clockid_t) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

/// What one caller, or all together, saw.
struct CallerRecord: Sendable {
    var samples: [Duration] = []
    var refusals = 0

    mutating func add(_ other: CallerRecord) {
        samples += other.samples
        refusals += other.refusals
    }
}

/// What one scenario came to.
struct Measurement: Sendable {
    /// Its samples in order.
    let record: CallerRecord
    let time: Duration
    /// Ours, then those of the processes asked for.
    let processorTimes: [Duration]

    /// As `name=value`; processor time is per call, answered or refused.
    var lines: [String] {
        let (seconds, calls) = (time / .seconds(1), max(1, record.samples.count + record.refusals))
        return [
            "per_second=\(Self.rounded(Double(record.samples.count) / seconds))",
            "refused_per_second=\(Self.rounded(Double(record.refusals) / seconds))",
            "p50_us=\(at(0.5))", "p99_us=\(at(0.99))", "samples=\(record.samples.count)",
        ] + processorTimes.enumerated().map { "cpu_us_\($0)=\(Int($1 / .microseconds(1)) / calls)" }
    }

    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private func at(_ quantile: Double) -> Int {
        guard !record.samples.isEmpty else { return 0 }
        return Int(record.samples[Int(Double(record.samples.count - 1) * quantile)] / .microseconds(1))
    }
}
