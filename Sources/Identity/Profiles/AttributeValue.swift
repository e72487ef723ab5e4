import InternationalNames
import JSON
import MariaDB

/// One value of a scalar attribute, in the form in which it is stored and compared.
enum AttributeValue: Sendable, Hashable {
    case boolean(Bool)
    case date(CalendarDay)
    case dateTime(Timestamp)
    case decimal(ExactDecimal)
    case integer(Int64)
    /// NFC.
    case string(String)

    /// Reads a JSON value of an attribute of `kind`; nil when it is of another kind or out of range.
    init?(_ json: JSONValue, _ kind: ProfileAttribute.Kind) {
        switch (kind, json) {
        case (.boolean, .bool(let value)): self = .boolean(value)
        case (.integer, .number(let digits)), (.decimal, .number(let digits)): self.init(text: digits, kind)
        case (.date, .string(let text)), (.dateTime, .string(let text)), (.string, .string(let text)):
            self.init(text: text, kind)
        default: return nil
        }
    }

    /// Reads the text form that rules use, and commands: JSON without the quotes.
    init?(text: String, _ kind: ProfileAttribute.Kind) {
        let value: AttributeValue? =
            switch kind {
            case .boolean: text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
            case .date: CalendarDay(text).map { .date($0) }
            // Its zone may move a moment out of the years that are written with four digits.
            case .dateTime:
                Timestamp(rfc3339: text).flatMap { Timestamp(iso8601: $0.description) }.map { .dateTime($0) }
            case .decimal: ExactDecimal(text).map { .decimal($0) }
            case .integer: Self.integer(text)
            case .string: Self.text(text)
            case .complex: nil
            }
        guard let value else { return nil }
        self = value
    }

    // `Int64(_:)` would read "+1", too.
    private static func integer(_ text: String) -> AttributeValue? {
        guard text.utf8.first != UInt8(ascii: "+") else { return nil }
        return Int64(text).map { .integer($0) }
    }

    // Line breaks and tabs may stand in a text; other controls and unassigned code points have no business there.
    private static func text(_ text: String) -> AttributeValue? {
        let isAllowed = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar == "\n" || scalar == "\t"
            case .unassigned, .surrogate: false
            default: true
            }
        }
        guard isAllowed else { return nil }
        return text.normalized(.nfc).map { .string($0) }
    }

    /// As it is stored and returned.
    var json: JSONValue {
        switch self {
        case .boolean(let value): .bool(value)
        case .date(let day): .string(day.description)
        case .dateTime(let moment): .string(moment.description)
        case .decimal(let number): .number(number.description)
        case .integer(let number): .number(String(number))
        case .string(let text): .string(text)
        }
    }

    /// Bytes whose order is that of the values, and which are equal where values count as equal: case does not count.
    ///
    /// Nil for a text that is too long for the index.
    var sortKey: [UInt8]? {
        switch self {
        case .boolean(let value): return [value ? 1 : 0]
        case .date(let day): return Array(day.description.utf8)
        case .dateTime(let moment): return Self.ordered(moment.microsecondsSinceEpoch)
        case .decimal(let number): return Self.ordered(number.scaled)
        case .integer(let number): return Self.ordered(number)
        case .string(let text):
            guard let key = Self.folded(text), key.count <= Self.maximumKeyBytes else { return nil }
            return key
        }
    }

    /// Longest sort key, in bytes: what an index row holds beside an attribute and a user.
    static let maximumKeyBytes = 1000

    /// What a text is compared by: NFC of its folded NFC, in UTF-8.
    static func folded(_ text: String) -> [UInt8]? {
        text.normalized(.nfc)?.caseFolded.normalized(.nfc).map { Array($0.utf8) }
    }

    /// Big-endian with the sign turned over, so that the order of the bytes is that of the numbers.
    private static func ordered<Number: FixedWidthInteger & SignedInteger>(_ number: Number) -> [UInt8] {
        let flipped = number ^ Number.min
        return (0..<Number.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: flipped >> ($0 * 8)) }
    }
}

extension AttributeValue: Comparable {
    /// The order of values of one kind, by which minimum and maximum are kept.
    static func < (left: AttributeValue, right: AttributeValue) -> Bool {
        switch (left, right) {
        case (.date(let left), .date(let right)): left.description < right.description
        case (.dateTime(let left), .dateTime(let right)): left < right
        case (.decimal(let left), .decimal(let right)): left.scaled < right.scaled
        case (.integer(let left), .integer(let right)): left < right
        default: false
        }
    }
}
