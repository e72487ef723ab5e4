/// A moment in UTC with microseconds, as `DATETIME(6)` holds it.
package struct Timestamp: Sendable, Hashable, Comparable, Codable {
    /// Microseconds since 1970-01-01T00:00:00Z, without leap seconds.
    package var microsecondsSinceEpoch: Int64

    package init(microsecondsSinceEpoch: Int64) {
        self.microsecondsSinceEpoch = microsecondsSinceEpoch
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.microsecondsSinceEpoch < right.microsecondsSinceEpoch
    }

    /// The moment `duration` later, in whole microseconds; stops at the ends of the range instead of overflowing.
    package static func + (moment: Self, duration: Duration) -> Self {
        let (sum, overflow) = moment.microsecondsSinceEpoch.addingReportingOverflow(duration.wholeMicroseconds)
        guard overflow else { return Self(microsecondsSinceEpoch: sum) }
        return Self(microsecondsSinceEpoch: duration < .zero ? .min : .max)
    }

    /// The moment `duration` earlier.
    package static func - (moment: Self, duration: Duration) -> Self {
        moment + (.zero - duration)
    }

    /// The time from `right` to `left`.
    package static func - (left: Self, right: Self) -> Duration {
        .microseconds(left.microsecondsSinceEpoch) - .microseconds(right.microsecondsSinceEpoch)
    }

    package static func += (moment: inout Self, duration: Duration) {
        moment = moment + duration
    }
}

extension Duration {
    /// Whole microseconds, towards zero; stops at the ends of `Int64`.
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, overflowOfSum) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return overflow || overflowOfSum ? (seconds < 0 ? .min : .max) : sum
    }
}
