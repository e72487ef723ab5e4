import MariaDB

/// A key of an index: what a value is compared by.
enum SearchKey: Sendable, Hashable {
    case bytes([UInt8])
    case moment(Timestamp)

    /// The least key that is greater.
    var next: SearchKey {
        switch self {
        case .bytes(let bytes): .bytes(bytes + [0])
        case .moment(let moment): .moment(min(moment + .microseconds(1), KeyRange.lastMoment))
        }
    }
}

extension SearchKey: Comparable {
    /// The order of the index; keys of different kinds are never compared.
    static func < (left: SearchKey, right: SearchKey) -> Bool {
        switch (left, right) {
        case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
        case (.moment(let left), .moment(let right)): left < right
        default: false
        }
    }
}

extension SearchKey: SQLBindable {
    func bind(to parameters: inout Parameters) {
        switch self {
        case .bytes(let bytes): bytes.bind(to: &parameters)
        case .moment(let moment): moment.bind(to: &parameters)
        }
    }
}

/// Keys from `lower` up to, but without, `upper`.
struct KeyRange: Sendable, Hashable {
    var lower: SearchKey
    var upper: SearchKey

    init(from lower: SearchKey, to upper: SearchKey) {
        self.lower = lower
        self.upper = upper
    }

    /// All keys of a field.
    init(allOf field: SearchField) {
        self =
            field.hasMoments
            ? KeyRange(from: .moment(Self.firstMoment), to: .moment(Self.lastMoment))
            // More bytes of this value than a number has; no text has any.
            : KeyRange(from: .bytes([]), to: .bytes([UInt8](repeating: 0xFF, count: 20)))
    }

    /// Keys that begin with some bytes.
    init(beginningWith bytes: [UInt8]) {
        self.init(from: .bytes(bytes), to: .bytes(bytes + [0xFF]))
    }

    /// The least range that has both in it.
    func union(_ other: KeyRange) -> KeyRange {
        KeyRange(from: min(lower, other.lower), to: max(upper, other.upper))
    }

    /// The years that the database holds, 1 to 9999.
    static let firstMoment = Timestamp(microsecondsSinceEpoch: -62_135_596_800_000_000)
    static let lastMoment = Timestamp(microsecondsSinceEpoch: 253_402_300_799_999_999)
}
