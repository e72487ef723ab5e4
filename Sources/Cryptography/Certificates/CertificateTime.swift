/// The times of a certificate (RFC 5280 section 4.1.2.5): UTCTime up to 2049, GeneralizedTime after, both to the second
/// and in Zulu.
enum CertificateTime {
    static func validity(_ reader: DERReader) throws(CryptographyError) -> ClosedRange<Int64> {
        var reader = reader
        let first = try seconds(try reader.next())
        let last = try seconds(try reader.next())
        guard reader.isAtEnd, first <= last else { throw Certificate.malformed }
        return first...last
    }

    private static func seconds(_ element: DERReader.Element) throws(CryptographyError) -> Int64 {
        let digits = element.contents.dropLast()
        guard element.contents.last == UInt8(ascii: "Z"), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Certificate.malformed
        }
        var numbers = digits.map { Int64($0 - 0x30) }
        switch (element.tag, numbers.count) {
        case (.universal(23), 12): numbers = (numbers[0] >= 5 ? [1, 9] : [2, 0]) + numbers
        case (.universal(24), 14): break
        default: throw Certificate.malformed
        }
        let year = numbers[0] * 1000 + numbers[1] * 100 + numbers[2] * 10 + numbers[3]
        let parts = stride(from: 4, to: 14, by: 2).map { numbers[$0] * 10 + numbers[$0 + 1] }
        guard (1...12).contains(parts[0]), (1...31).contains(parts[1]), parts[2] < 24, parts[3] < 60, parts[4] < 60
        else { throw Certificate.malformed }
        return days(year, parts[0], parts[1]) * 86_400 + parts[2] * 3600 + parts[3] * 60 + parts[4]
    }

    /// Days from 1970-01-01 in the Gregorian calendar, counted from March so that the leap day is a year's last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
