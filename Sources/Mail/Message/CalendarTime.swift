/// A moment split into the fields of the Gregorian calendar, UTC, years 1970...9999.
struct CalendarTime {
    let year: Int64, month: Int64, day: Int64
    let hour: Int64, minute: Int64, second: Int64
    /// 0 is Sunday.
    let weekday: Int

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Nil outside the years it can write with four digits.
    init?(secondsSinceEpoch seconds: Int64) {
        guard (0..<253_402_300_800).contains(seconds) else { return nil }
        let days = seconds / 86400
        let rest = seconds % 86400
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
        weekday = Int((days + 4) % 7)
        // Years counted from March, so that the leap day is a year's last; 719_468 days lie between 0000-03-01 and 1970.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// RFC 5322 section 3.3: `Mon, 23 Nov 2026 10:15:00 +0000`.
    var rfc5322: String {
        let date = "\(day) \(Self.months[Int(month - 1)]) \(year)"
        return "\(Self.weekdays[weekday]), \(date) \(pad(hour)):\(pad(minute)):\(pad(second)) +0000"
    }

    /// ISO 8601 without separators, sortable as text: `20261123T101500`.
    var compact: String {
        "\(pad(year, 4))\(pad(month))\(pad(day))T\(pad(hour))\(pad(minute))\(pad(second))"
    }

    private func pad(_ number: Int64, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
