package import JSON

/// The members of one JSON object, each there once.
package struct ClaimSet: Sendable, Hashable {
    private let members: [String: JSONValue]

    /// Reads a JSON text; nil unless it is one object, by the strict reader (SECURITY F11).
    package init?(json bytes: [UInt8]) {
        guard let value = try? JSONParser.parse(bytes) else { return nil }
        self.init(value)
    }

    package init?(_ value: JSONValue) {
        guard case .object(let list) = value else { return nil }
        // The reader tells names apart by bytes, a dictionary by canonical equivalence; such a pair is nobody's claim.
        members = Dictionary(list.map { ($0.name, $0.value) }) { first, _ in first }
        guard members.count == list.count else { return nil }
    }

    package subscript(_ name: String) -> JSONValue? { members[name] }

    /// A member of members: `address.locality`.
    package subscript(path path: String) -> JSONValue? {
        if let value = members[path] { return value }
        let parts = path.split(separator: ".").map(String.init)
        guard parts.count > 1, let first = parts.first, let inner = members[first].flatMap(ClaimSet.init) else {
            return nil
        }
        return inner[path: parts.dropFirst().joined(separator: ".")]
    }

    package func string(_ name: String) -> String? {
        if case .string(let text) = members[name] { text } else { nil }
    }

    /// An array of nothing but strings.
    package func strings(_ name: String) -> [String]? {
        guard case .array(let values) = members[name] else { return nil }
        let texts = values.compactMap { value in
            if case .string(let text) = value { text } else { nil }
        }
        return texts.count == values.count ? texts : nil
    }

    /// What both have, and what only the other has.
    package func filled(from other: ClaimSet) -> ClaimSet {
        ClaimSet(members: members.merging(other.members) { own, _ in own })
    }

    private init(members: [String: JSONValue]) { self.members = members }

    /// A NumericDate (RFC 7519 section 2) in whole seconds; nil for what is negative, has an exponent, or is no number.
    func time(_ name: String) -> Int64? {
        guard case .number(let text) = members[name] else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, (1...12).contains(whole.count),
            parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        return Int64(String(decoding: whole, as: UTF8.self))
    }
}
