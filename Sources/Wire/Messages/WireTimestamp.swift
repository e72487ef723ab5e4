import CGatehouseProtos

/// A point in time, UTC, as `google.protobuf.Timestamp` has it: years 1 to 9999, nanoseconds.
package struct WireTimestamp: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    package let seconds: Int64

    /// 0 to 999,999,999, counted forward also before 1970.
    package let nanoseconds: Int32

    /// The years 1 to 9999 in seconds since 1970.
    static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// Nil outside of the years 1 to 9999 or with nanoseconds out of range.
    package init?(seconds: Int64, nanoseconds: Int32 = 0) {
        guard Self.range.contains(seconds), (0..<1_000_000_000).contains(nanoseconds) else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// From microseconds since 1970, as the database keeps them; nil outside of the years 1 to 9999.
    package init?(microsecondsSinceEpoch microseconds: Int64) {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let isBefore = remainder < 0
        self.init(
            seconds: isBefore ? quotient - 1 : quotient,
            nanoseconds: Int32(isBefore ? remainder + 1_000_000 : remainder) * 1000
        )
    }

    /// Microseconds since 1970, rounded down.
    package var microsecondsSinceEpoch: Int64 { seconds * 1_000_000 + Int64(nanoseconds) / 1000 }

    /// Earlier first.
    package static func < (left: WireTimestamp, right: WireTimestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension WireTimestamp: @unsafe CBacked {
    static func initialize(_ message: UnsafeMutablePointer<Google__Protobuf__Timestamp>) {
        unsafe google__protobuf__timestamp__init(message)
    }

    init(reading message: UnsafePointer<Google__Protobuf__Timestamp>) throws(WireError) {
        let fields = unsafe message.pointee
        guard let value = unsafe WireTimestamp(seconds: fields.seconds, nanoseconds: fields.nanos) else {
            throw WireError(.outOfRange)
        }
        self = value
    }

    func write(to message: UnsafeMutablePointer<Google__Protobuf__Timestamp>, in arena: Arena) {
        unsafe message.pointee.seconds = seconds
        unsafe message.pointee.nanos = nanoseconds
    }
}
