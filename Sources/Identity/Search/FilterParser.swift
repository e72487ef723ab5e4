import JSON

/// Reads the grammar of RFC 7644 figure 1: `not` binds closer than `and`, `and` closer than `or`; words in any case.
struct FilterParser {
    private let bytes: [UInt8]
    private var position = 0
    private var comparisons = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The whole text as one filter.
    mutating func filter() throws(Filter.Refusal) -> Filter {
        guard bytes.count <= Filter.maximumByteCount else {
            throw refusal("a filter has at most \(Filter.maximumByteCount) bytes")
        }
        let filter = try disjunction(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw refusal("expected `and`, `or` or the end") }
        return filter
    }

    private func refusal(_ description: String) -> Filter.Refusal {
        Filter.Refusal(description: description, offset: position)
    }

    private mutating func disjunction(depth: Int) throws(Filter.Refusal) -> Filter {
        guard depth <= Filter.maximumDepth else { throw refusal("at most \(Filter.maximumDepth) levels") }
        var parts = [try conjunction(depth: depth)]
        while takeWord("or") { parts.append(try conjunction(depth: depth)) }
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    private mutating func conjunction(depth: Int) throws(Filter.Refusal) -> Filter {
        var parts = [try term(depth: depth)]
        while takeWord("and") { parts.append(try term(depth: depth)) }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private mutating func term(depth: Int) throws(Filter.Refusal) -> Filter {
        if take("(") {
            let inner = try disjunction(depth: depth + 1)
            guard take(")") else { throw refusal("expected `)`") }
            return inner
        }
        let start = position
        if takeWord("not") {
            if take("(") {
                let inner = try disjunction(depth: depth + 1)
                guard take(")") else { throw refusal("expected `)`") }
                return .not(inner)
            }
            // An attribute may be called so.
            position = start
        }
        return try expression(depth: depth)
    }

    private mutating func expression(depth: Int) throws(Filter.Refusal) -> Filter {
        let path = try path()
        if take("[") {
            let inner = try disjunction(depth: depth + 1)
            guard take("]") else { throw refusal("expected `]`") }
            return .element(path, inner)
        }
        comparisons += 1
        guard comparisons <= Filter.maximumComparisons else {
            throw refusal("at most \(Filter.maximumComparisons) comparisons")
        }
        let word = word()
        let start = position
        position += word.count
        let name = String(decoding: word.map { $0 | 0x20 }, as: UTF8.self)
        if name == "pr" { return .present(path) }
        guard let comparison = Filter.Operator(rawValue: name) else {
            position = start
            throw refusal("expected one of eq, ne, co, sw, ew, gt, ge, lt, le and pr")
        }
        return .compare(path, comparison, try value())
    }

    private mutating func path() throws(Filter.Refusal) -> AttributePath {
        skipSpace()
        let text = bytes[position...].prefix { Self.isLetterOrDigit($0) || $0 == UInt8(ascii: ".") }
        guard let path = AttributePath(String(decoding: text, as: UTF8.self)) else {
            throw refusal("expected the path of an attribute")
        }
        position += text.count
        return path
    }

    /// A JSON value that is neither an object nor a list.
    private mutating func value() throws(Filter.Refusal) -> JSONValue {
        skipSpace()
        let text = bytes[position...].first == UInt8(ascii: "\"") ? quoted() : bare()
        guard let value = try? JSONParser.parse(Array(text)) else {
            throw refusal("expected a text in quotes, a number, true, false or null")
        }
        position += text.count
        return value
    }

    private func bare() -> ArraySlice<UInt8> {
        bytes[position...].prefix { byte in
            Self.isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
                || byte == UInt8(ascii: ".")
        }
    }

    /// From one quote to the other; all that is left when there is no other.
    private func quoted() -> ArraySlice<UInt8> {
        var end = position + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return bytes[position..<min(end + 1, bytes.count)]
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    /// Letters from here on, after white space.
    private mutating func word() -> ArraySlice<UInt8> {
        skipSpace()
        return bytes[position...].prefix(while: Self.isLetterOrDigit)
    }

    private mutating func takeWord(_ expected: String) -> Bool {
        let start = position
        let found = word()
        guard found.map({ $0 | 0x20 }).elementsEqual(expected.utf8) else {
            position = start
            return false
        }
        position += found.count
        return true
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte & 0xDF) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }
}
