extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC with microseconds, such as `2026-01-31T09:05:00.000001Z`.
    package var description: String {
        let civil = CivilTime(self)
        return padded(civil.year, to: 4) + "-" + padded(civil.month, to: 2) + "-" + padded(civil.day, to: 2)
            + "T" + padded(civil.hour, to: 2) + ":" + padded(civil.minute, to: 2) + ":" + padded(civil.second, to: 2)
            + "." + padded(civil.microsecond, to: 6) + "Z"
    }

    /// Reads the form of `description`; the fraction may have 1 to 6 digits or be missing, the zone must be `Z`.
    package init?(iso8601 text: String) {
        var reader = DigitReader(text.utf8)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), reader.skip("T"), let hour = reader.number(2), reader.skip(":"),
            let minute = reader.number(2), reader.skip(":"), let second = reader.number(2),
            let microsecond = reader.fraction(), reader.skip("Z"), reader.isAtEnd
        else { return nil }
        let civil = CivilTime(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second,
            microsecond: microsecond
        )
        guard let civil else { return nil }
        self = civil.timestamp
    }
}

private func padded(_ number: Int64, to width: Int) -> String {
    let digits = String(number.magnitude)
    let sign = number < 0 ? "-" : ""
    return sign + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// Reads fixed numbers of ASCII digits; anything else is a refusal.
private struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ bytes: String.UTF8View) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: scalar) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(_ digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            rest.removeFirst()
        }
        return value
    }

    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        var (value, digits) = (Int64(0), 0)
        while digits < 6, let digit = number(1) {
            value = value * 10 + digit
            digits += 1
        }
        guard digits > 0 else { return nil }
        for _ in digits..<6 { value *= 10 }
        return value
    }
}
