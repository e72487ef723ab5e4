import MariaDB

/// Three bytes of a text, as its index knows them.
///
/// Of bytes and not of letters: one letter of most languages beyond Europe is a gram of its own. A text ends with a zero byte,
/// which none has in it, so that an end of two letters is a gram, too.
struct TextGram: Sendable, Hashable, Comparable {
    /// The three bytes, the first one highest.
    let number: UInt32

    static let byteCount = 3

    var bytes: [UInt8] { [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }

    static func < (left: TextGram, right: TextGram) -> Bool { left.number < right.number }

    /// Calls `body` with each gram of a key, as often as the key has it.
    static func forEach(of key: [UInt8], _ body: (TextGram) -> Void) {
        var number: UInt32 = 0
        for (index, byte) in key.enumerated() {
            number = (number << 8 | UInt32(byte)) & 0xFF_FFFF
            if index >= byteCount - 1 { body(TextGram(number: number)) }
        }
    }

    /// The grams of a whole text with its end.
    static func forEach(ofWhole key: [UInt8], _ body: (TextGram) -> Void) { forEach(of: key + [0], body) }

    /// Most grams that a search asks for: more of them hardly confine it further.
    static let maximumAsked = 8

    /// Grams that every text with this part has, spread over the part; none for a part that is too short.
    static func ofPart(_ part: [UInt8]) -> [TextGram] {
        var all: [TextGram] = []
        forEach(of: part) { if !all.contains($0) { all.append($0) } }
        guard all.count > maximumAsked else { return all }
        return (0..<maximumAsked).map { all[$0 * (all.count - 1) / (maximumAsked - 1)] }
    }
}

extension TextGram: SQLBindable {
    func bind(to parameters: inout Parameters) { bytes.bind(to: &parameters) }
}

extension TextGram: SQLReadable {
    static func read(from columns: inout Columns) throws(DatabaseError) -> TextGram {
        let column = columns.position
        let bytes = try columns.next([UInt8].self)
        guard bytes.count == byteCount else { throw columns.mismatch(at: column, wanted: "gram") }
        return TextGram(number: bytes.reduce(0) { $0 << 8 | UInt32($1) })
    }
}

/// What the texts of one kind are called in the index: the number of an attribute, or one that no attribute has.
struct TextField: Sendable, Hashable {
    let number: UInt32

    static let externalID = TextField(number: 0xFFFF_FF00)

    static func name(_ kind: IdentifierKind) -> TextField { TextField(number: 0xFFFF_FF00 + UInt32(kind.rawValue)) }

    static func attribute(_ number: UInt32) -> TextField { TextField(number: number) }
}

extension TextField: SQLBindable {
    func bind(to parameters: inout Parameters) { number.bind(to: &parameters) }
}

/// Which users a search by a part of a text has to look at: those who have all of some grams in a field.
struct TextNeedle: Sendable, Hashable {
    let field: TextField
    let grams: [TextGram]
}

extension SearchField {
    /// Its texts in the index of parts; nil for what is no text.
    var textField: TextField? {
        switch self {
        case .externalID: .externalID
        case .name(let kind): .name(kind)
        case .value(let attribute, _): attribute.kind == .string ? .attribute(attribute.number) : nil
        case .id, .state, .createTime, .updateTime: nil
        }
    }

    /// By what the index of parts finds a match; nil when the part is too short for it, or there is none.
    func needle(_ match: SearchMatch) -> TextNeedle? {
        guard let textField else { return nil }
        let grams: [TextGram] =
            switch match {
            case .contains(let part): TextGram.ofPart(part)
            case .endsWith(let part): TextGram.ofPart(part + [0])
            case .equal, .range, .present: []
            }
        return grams.isEmpty ? nil : TextNeedle(field: textField, grams: grams)
    }
}
