internal import Identity
internal import JSON

/// How values of a profile are named in forms: `p.address.locality`, `p.nicknames.0`.
enum ProfileFormNames {
    static let prefix = "p."

    /// The name of the fields of an attribute, or what their names begin with.
    static func name(_ path: AttributePath) -> String { prefix + path.description }

    /// The field that a problem of the domain is about: `profile.nicknames[2]` is `p.nicknames.2`.
    static func name(ofProblem field: String) -> String {
        let bytes =
            field.utf8.starts(with: "profile.".utf8) ? field.utf8.dropFirst("profile.".utf8.count) : field.utf8[...]
        var name = Array(prefix.utf8)
        for byte in bytes where byte != UInt8(ascii: "]") {
            name.append(byte == UInt8(ascii: "[") ? UInt8(ascii: ".") : byte)
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// The attribute that a field belongs to: the name without numbers.
    static func path(of name: String) -> AttributePath? {
        let parts = name.utf8.dropFirst(prefix.utf8.count).split(separator: UInt8(ascii: ".")).filter { part in
            !part.allSatisfy { (0x30...0x39).contains($0) }
        }
        return AttributePath(parts.map { String(decoding: Array($0), as: UTF8.self) }.joined(separator: "."))
    }

    /// The texts of a value by the names of its fields.
    static func texts(of value: JSONValue, at name: String) -> [String: String] {
        switch value {
        case .null: [:]
        case .bool(let flag): [name: flag ? "true" : "false"]
        case .number(let digits): [name: digits]
        case .string(let text): [name: text]
        case .array(let values):
            merged(values.enumerated().map { texts(of: $1, at: "\(name).\($0)") })
        case .object(let members):
            merged(members.map { texts(of: $0.value, at: "\(name).\($0.name)") })
        }
    }

    private static func merged(_ parts: [[String: String]]) -> [String: String] {
        parts.reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }
    }
}
