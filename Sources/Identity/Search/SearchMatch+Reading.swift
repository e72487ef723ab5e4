import JSON

extension SearchMatch {
    /// Longest key that is searched for, in bytes: what an index holds, with room for its neighbours.
    static let maximumKeyBytes = 990

    /// What a comparison asks of the keys of a field; not for `ne`, which is the contrary of `eq`.
    init(_ comparison: Filter.Operator, _ value: JSONValue, _ field: SearchField) throws(FlowError) {
        let match: SearchMatch =
            switch comparison {
            case .contains, .startsWith, .endsWith: try Self.text(comparison, value, field)
            default: try Self.ordered(comparison, try Self.key(value, field), field)
            }
        self = match
    }

    private static func ordered(
        _ comparison: Filter.Operator,
        _ key: SearchKey,
        _ field: SearchField
    ) throws(FlowError) -> SearchMatch {
        let all = KeyRange(allOf: field)
        switch comparison {
        case .equal, .notEqual: return .equal(key)
        default: break
        }
        guard field.kind != .boolean, field != .id else {
            throw .filterUnserved("`\(field.path)` is only compared by eq and ne")
        }
        return switch comparison {
        case .greater: .range(KeyRange(from: key.next, to: all.upper))
        case .greaterOrEqual: .range(KeyRange(from: key, to: all.upper))
        case .less: .range(KeyRange(from: all.lower, to: key))
        default: .range(KeyRange(from: all.lower, to: key.next))
        }
    }

    private static func text(
        _ comparison: Filter.Operator,
        _ value: JSONValue,
        _ field: SearchField
    ) throws(FlowError) -> SearchMatch {
        guard field.kind == .string, field != .id, case .string(let text) = value else {
            throw .filterInvalid("`\(field.path)`: co, sw and ew compare texts")
        }
        guard let key = try part(of: field, text, isBeginning: comparison == .startsWith), !key.isEmpty else {
            throw .filterInvalid("`\(field.path)`: must be part of \(field.noun), and not empty")
        }
        try check(key, field)
        switch comparison {
        case .contains: return .contains(key)
        case .endsWith: return .endsWith(key)
        default: return .range(KeyRange(beginningWith: key))
        }
    }

    /// What a whole value is compared by.
    private static func key(_ value: JSONValue, _ field: SearchField) throws(FlowError) -> SearchKey {
        switch field {
        case .createTime, .updateTime:
            guard case .dateTime(let moment)? = AttributeValue(value, .dateTime) else { throw .kindWrong(field) }
            return .moment(moment)
        case .value(let attribute, _):
            guard let key = AttributeValue(value, attribute.kind)?.sortKey else { throw .kindWrong(field) }
            try check(key, field)
            return .bytes(key)
        case .id, .state, .externalID, .name:
            guard case .string(let text) = value else { throw .kindWrong(field) }
            if case .id = field {
                guard let id = UserID(text: text) else { throw .kindWrong(field) }
                return .bytes(id.bytes)
            }
            guard let key = try part(of: field, text, isBeginning: true), !key.isEmpty else { throw .kindWrong(field) }
            try check(key, field)
            return .bytes(key)
        }
    }

    /// The key of a part of a text; that of a whole name where it is one, since the domain of an address has its own.
    private static func part(of field: SearchField, _ text: String, isBeginning: Bool) throws(FlowError) -> [UInt8]? {
        switch field {
        case .externalID: return Array(text.utf8)
        case .name(.phone): return digits(text, isBeginning: isBeginning)
        case .name(let kind): return LoginName(kind, text)?.canonical ?? AttributeValue.folded(text)
        default: return AttributeValue.folded(text)
        }
    }

    /// Digits of a phone number, with the `+` if it is there; nil for what is in none.
    private static func digits(_ text: String, isBeginning: Bool) -> [UInt8]? {
        let bytes = text.utf8.filter { !" -.()".utf8.contains($0) }
        let digits = bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes[...]
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }), !isBeginning || bytes.count > digits.count else {
            return nil
        }
        return bytes
    }

    private static func check(_ key: [UInt8], _ field: SearchField) throws(FlowError) {
        guard key.count <= maximumKeyBytes else {
            throw .filterInvalid("`\(field.path)`: at most \(maximumKeyBytes) bytes are searched for")
        }
    }
}

extension SearchField {
    /// What a value is, for a sentence.
    fileprivate var noun: String {
        switch self {
        case .id: "an id"
        case .name(.email): "an e-mail address"
        case .name(.phone): "a phone number with its +"
        case .name(.username): "a user name"
        case .state, .externalID: "a text"
        case .createTime, .updateTime: ProfileAttribute.Kind.dateTime.noun
        case .value(let attribute, _): attribute.kind.noun
        }
    }
}

extension FlowError {
    fileprivate static func kindWrong(_ field: SearchField) -> FlowError {
        .filterInvalid("`\(field.path)`: must be compared with \(field.noun)")
    }
}
