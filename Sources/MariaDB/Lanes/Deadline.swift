internal import Glibc

/// The moment by which work must be done, on a clock that only goes forward.
package struct Deadline: Sendable, Hashable, Comparable {
    /// Nanoseconds of CLOCK_MONOTONIC; `Int64.max` for never.
    let nanoseconds: Int64

    /// A deadline `duration` from now.
    package static func after(_ duration: Duration) -> Deadline {
        let (seconds, attoseconds) = duration.components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowOfSum) = now.nanoseconds.addingReportingOverflow(scaled)
        guard !overflow, !overflowOfSum else { return duration < .zero ? Deadline(nanoseconds: 0) : .never }
        let (total, overflowOfTotal) = sum.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflowOfTotal ? .never : Deadline(nanoseconds: total)
    }

    /// No deadline.
    package static let never = Deadline(nanoseconds: .max)

    /// Ten seconds from now, for callers who set none.
    package static var `default`: Deadline { .after(.seconds(10)) }

    package static var now: Deadline {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Deadline(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Time left; zero when the deadline has passed.
    package var remaining: Duration {
        self == .never
            ? .seconds(Int64.max / 1_000_000_000) : max(.zero, .nanoseconds(nanoseconds - Self.now.nanoseconds))
    }

    /// The same moment on the clock of the standard library; about a hundred years from now for never.
    package var instant: ContinuousClock.Instant {
        .now + min(remaining, .seconds(3_000_000_000))
    }

    package var hasPassed: Bool { self != .never && self <= .now }

    package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}
