/// One item of the CBOR subset that CTAP2 allows (RFC 8949; CTAP 2.1 section 8): no tags, no floats, no undefined.
package indirect enum CBORValue: Sendable, Hashable {
    /// A number of zero or more.
    case unsigned(UInt64)
    /// The number `-1 - n`.
    case negative(UInt64)
    case bytes([UInt8])
    /// Valid UTF-8, as its bytes: text is compared byte by byte.
    case text([UInt8])
    case array([CBORValue])
    case map(CBORMap)
    case boolean(Bool)
    case null

    /// The number, if it is one that fits.
    package var integer: Int64? {
        switch self {
        case .unsigned(let value): Int64(exactly: value)
        case .negative(let value): Int64(exactly: value).map { -1 - $0 }
        default: nil
        }
    }

    /// The byte string, if it is one.
    package var byteString: [UInt8]? {
        guard case .bytes(let bytes) = self else { return nil }
        return bytes
    }

    /// The UTF-8 bytes of the text, if it is one.
    package var textBytes: [UInt8]? {
        guard case .text(let bytes) = self else { return nil }
        return bytes
    }

    /// The items of the array, if it is one.
    package var items: [CBORValue]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// The map, if it is one.
    package var entries: CBORMap? {
        guard case .map(let map) = self else { return nil }
        return map
    }
}

/// A map whose keys are numbers or texts, each there once.
package struct CBORMap: Sendable, Hashable {
    private let values: [CBORValue: CBORValue]

    init(_ values: [CBORValue: CBORValue]) {
        self.values = values
    }

    /// How many entries there are.
    package var count: Int { values.count }

    /// The value under a number.
    package subscript(_ label: Int64) -> CBORValue? {
        values[label < 0 ? .negative(UInt64(-1 - label)) : .unsigned(UInt64(label))]
    }

    /// The value under a text.
    package subscript(_ name: StaticString) -> CBORValue? {
        values[.text(Array(name.description.utf8))]
    }

    /// Whether the keys are exactly these texts.
    package func hasExactly(_ names: StaticString...) -> Bool {
        count == names.count && names.allSatisfy { self[$0] != nil }
    }
}
