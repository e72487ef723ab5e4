/// Splits a record's text and reads its numbers strictly; works on bytes throughout.
enum PasswordRecordReading {
    /// The fields between `$` signs, empty ones too.
    static func fields(_ text: some Collection<UInt8>) -> [[UInt8]] {
        text.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false).map { Array($0) }
    }

    /// A decimal number without sign or leading zero, within a range.
    static func number(
        _ digits: some Collection<UInt8>,
        in range: ClosedRange<UInt32>
    ) throws(PasswordRecordError) -> UInt32 {
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.first != 0x30 || digits.count == 1
        else { throw .malformed }
        var value: UInt32 = 0
        for digit in digits {
            let (shifted, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isLarger) = shifted.addingReportingOverflow(UInt32(digit - 0x30))
            guard !isTooLarge, !isLarger else { throw .outOfBounds }
            value = sum
        }
        guard range.contains(value) else { throw .outOfBounds }
        return value
    }

    /// The values of `name=value,…`, which must be exactly those names in that order.
    static func values(
        _ field: [UInt8],
        named names: [String]
    ) throws(PasswordRecordError) -> [ArraySlice<UInt8>] {
        let pairs = field.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard pairs.count == names.count else { throw .malformed }
        var values: [ArraySlice<UInt8>] = []
        for (pair, name) in zip(pairs, names) {
            let prefix = Array("\(name)=".utf8)
            guard pair.starts(with: prefix) else { throw .malformed }
            values.append(pair.dropFirst(prefix.count))
        }
        return values
    }

    /// Decoded bytes of a length within a range.
    static func bytes(
        _ text: some Collection<UInt8>,
        _ base64: PasswordBase64,
        count: ClosedRange<Int>
    ) throws(PasswordRecordError) -> [UInt8] {
        guard let bytes = base64.decode(text) else { throw .malformed }
        guard count.contains(bytes.count) else { throw .outOfBounds }
        return bytes
    }

    /// A salt that Django hashes as the text it is: printable ASCII.
    static func djangoSalt(_ field: [UInt8]) throws(PasswordRecordError) -> [UInt8] {
        guard field.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .malformed }
        guard (8...128).contains(field.count) else { throw .outOfBounds }
        return field
    }

    /// Whether a letter is of the alphabet of `crypt`: `./0-9A-Za-z`.
    static func isCryptLetter(_ letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: ".")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// Bytes as text; nil when they are not UTF-8.
    static func string(_ bytes: some Collection<UInt8>) -> String? {
        String(validating: bytes, as: UTF8.self)
    }
}
