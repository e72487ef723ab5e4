import JSON
import MariaDB

/// The values of one person by code, as they are stored: one JSON object.
struct ProfileDocument: Sendable, Hashable {
    private(set) var values: [String: JSONValue] = [:]

    /// Largest document, in bytes of its JSON text.
    static let maximumByteCount = 65_536

    init() {}

    /// Reads a stored document.
    init(stored text: String) throws(DatabaseError) {
        guard let json = try? JSONParser.parse(Array(text.utf8)), case .object(let members) = json else {
            throw DatabaseError(.protocol, "a stored profile is not a JSON object")
        }
        for member in members { values[member.name] = member.value }
    }

    /// The JSON text, members in the order of their codes.
    var text: String { Self.object(values).text }

    /// The value at a path; nil where there is none, or where a list stands in between.
    subscript(path: AttributePath) -> JSONValue? {
        path.codes.dropFirst().reduce(values[path.root]) { value, code in
            guard case .object(let members) = value else { return nil }
            return members.first { $0.name == code }?.value
        }
    }

    /// Puts a value at a path, or takes it away; objects that become empty go, too.
    mutating func set(_ value: JSONValue?, at path: AttributePath) {
        values[path.root] = Self.replaced(values[path.root], path.codes.dropFirst(), by: value)
    }

    /// Keeps only values with these codes.
    mutating func keep(_ codes: Set<String>) {
        values = values.filter { codes.contains($0.key) }
    }

    /// Takes the values at a path away, through lists.
    mutating func strip(_ path: AttributePath) {
        values[path.root] = Self.stripped(values[path.root], path.codes.dropFirst())
    }

    private static func stripped(_ json: JSONValue?, _ codes: ArraySlice<String>) -> JSONValue? {
        guard let json, let code = codes.first else { return nil }
        switch json {
        case .array(let elements):
            let kept = elements.compactMap { stripped($0, codes) }
            return kept.isEmpty ? nil : .array(kept)
        case .object(let members):
            let kept = members.compactMap { member in
                guard member.name == code else { return member }
                return stripped(member.value, codes.dropFirst()).map { JSONValue.Member(name: code, value: $0) }
            }
            return kept.isEmpty ? nil : .object(kept)
        default: return json
        }
    }

    private static func replaced(_ old: JSONValue?, _ codes: ArraySlice<String>, by value: JSONValue?) -> JSONValue? {
        guard let code = codes.first else { return value }
        var members: [String: JSONValue] = [:]
        if case .object(let present) = old { for member in present { members[member.name] = member.value } }
        members[code] = replaced(members[code], codes.dropFirst(), by: value)
        return members.isEmpty ? nil : object(members)
    }

    /// An object with its members in the order of their names, so that equal values have equal texts.
    static func object(_ members: [String: JSONValue]) -> JSONValue {
        .object(members.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: $0.value) })
    }
}
