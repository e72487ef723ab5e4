import MariaDB

/// A day of the Gregorian calendar: `2026-01-31`, years 0001 to 9999.
struct CalendarDay: Sendable, Hashable, CustomStringConvertible {
    let description: String

    /// Reads a day that exists; nil for anything else.
    init?(_ text: String) {
        guard text.utf8.count == 10, Timestamp(iso8601: text + "T00:00:00Z") != nil, !text.hasPrefix("0000") else {
            return nil
        }
        description = text
    }
}

extension Timestamp {
    /// Reads a date-time of RFC 3339 with its zone; digits beyond microseconds are refused rather than dropped.
    init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard let last = bytes.last else { return nil }
        if last == UInt8(ascii: "Z") || last == UInt8(ascii: "z") {
            self.init(local: bytes.dropLast())
            return
        }
        guard bytes.count > 6, let offset = Self.offset(bytes.suffix(6)) else { return nil }
        guard let local = Timestamp(local: bytes.dropLast(6)) else { return nil }
        self = local - offset
    }

    private init?(local bytes: ArraySlice<UInt8>) {
        var bytes = Array(bytes)
        guard bytes.count >= 19, bytes[10] | 0x20 == UInt8(ascii: "t") else { return nil }
        bytes[10] = UInt8(ascii: "T")
        self.init(iso8601: String(decoding: bytes, as: UTF8.self) + "Z")
    }

    /// `+hh:mm`.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Duration? {
        let bytes = Array(bytes)
        let digits = [bytes[1], bytes[2], bytes[4], bytes[5]]
        guard bytes[3] == UInt8(ascii: ":"), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let numbers = digits.map { Int($0 - 0x30) }
        let (hours, minutes) = (numbers[0] * 10 + numbers[1], numbers[2] * 10 + numbers[3])
        guard hours < 24, minutes < 60 else { return nil }
        let seconds = Duration.seconds(hours * 3600 + minutes * 60)
        switch bytes[0] {
        case UInt8(ascii: "+"): return seconds
        case UInt8(ascii: "-"): return .zero - seconds
        default: return nil
        }
    }
}
