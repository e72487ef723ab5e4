/// RFC 3339 times and the `1.5s` form of durations.
enum TimeText {
    /// `2026-01-02T03:04:05.678Z`, or with an offset; nil when it is no such time between the years 1 and 9999.
    static func timestamp(_ text: String) -> (Int64, Int32)? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 35, [4, 7].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
            bytes[10] | 0x20 == UInt8(ascii: "t"), [13, 16].allSatisfy({ bytes[$0] == UInt8(ascii: ":") }),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1...9999).contains(year), (1...12).contains(month), (1...days(in: month, of: year)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var rest = bytes[19...]
        guard let nanoseconds = fraction(&rest), let offset = offset(rest) else { return nil }
        let dayNumber = daysSinceEpoch(year, month, day)
        let seconds = dayNumber * 86_400 + hour * 3600 + minute * 60 + second - offset
        guard WireTimestamp.range.contains(seconds) else { return nil }
        return (seconds, Int32(nanoseconds))
    }

    /// UTC with as many digits of the second as are needed: none, 3, 6 or 9.
    static func text(timestamp seconds: Int64, _ nanoseconds: Int32) -> String? {
        guard WireTimestamp(seconds: seconds, nanoseconds: nanoseconds) != nil else { return nil }
        let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let (year, month, date) = civil(day)
        let second = seconds - day * 86_400
        let clock = "\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))"
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(date, 2))T\(clock)\(fractionText(Int64(nanoseconds)))Z"
    }

    /// `-1.5s`; nil when it is no such duration within 10,000 years.
    static func duration(_ text: String) -> (Int64, Int32)? {
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest[digits.endIndex...]
        guard digits.count <= 12, let seconds = number(digits), let nanoseconds = fraction(&rest),
            rest.elementsEqual("s".utf8), Duration.wireSeconds.contains(seconds)
        else { return nil }
        return isNegative ? (-seconds, -Int32(nanoseconds)) : (seconds, Int32(nanoseconds))
    }

    /// With as many digits as are needed: none, 3, 6 or 9.
    static func text(duration seconds: Int64, _ nanoseconds: Int32) -> String? {
        guard Duration.wireSeconds.contains(seconds), (-999_999_999...999_999_999).contains(nanoseconds) else {
            return nil
        }
        let sign = seconds < 0 || nanoseconds < 0 ? "-" : ""
        return "\(sign)\(seconds.magnitude)\(fractionText(Int64(nanoseconds.magnitude)))s"
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// `.` and 1 to 9 digits, in nanoseconds; 0 when there is none.
    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(digits.count), let value = number(digits) else { return nil }
        rest = rest[digits.endIndex...]
        return (digits.count..<9).reduce(value) { result, _ in result * 10 }
    }

    private static func offset(_ rest: ArraySlice<UInt8>) -> Int64? {
        let bytes = Array(rest)
        if bytes.count == 1, bytes[0] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = number(bytes[1..<3]),
            let minutes = number(bytes[4..<6]), hours < 24, minutes < 60
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        switch bytes[0] {
        case UInt8(ascii: "+"): return seconds
        case UInt8(ascii: "-"): return -seconds
        default: return nil
        }
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static func fractionText(_ nanoseconds: Int64) -> String {
        if nanoseconds == 0 { return "" }
        if nanoseconds % 1_000_000 == 0 { return "." + pad(nanoseconds / 1_000_000, 3) }
        if nanoseconds % 1000 == 0 { return "." + pad(nanoseconds / 1000, 6) }
        return "." + pad(nanoseconds, 9)
    }
}

extension TimeText {
    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// Days of the Gregorian calendar before the first of January of `year`, from the year 1.
    private static func daysBefore(_ year: Int64) -> Int64 {
        let past = year - 1
        return past * 365 + past / 4 - past / 100 + past / 400
    }

    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let before = (1..<month).reduce(0) { $0 + days(in: $1, of: year) }
        return daysBefore(year) - daysBefore(1970) + before + day - 1
    }

    private static func civil(_ day: Int64) -> (Int64, Int64, Int64) {
        let count = day + daysBefore(1970)
        // 146,097 days are 400 years; the guess is never too late and at most a year too early.
        var year = max(1, count * 400 / 146_097)
        while daysBefore(year + 1) <= count { year += 1 }
        var rest = count - daysBefore(year)
        var month: Int64 = 1
        while rest >= days(in: month, of: year) {
            rest -= days(in: month, of: year)
            month += 1
        }
        return (year, month, rest + 1)
    }
}
