import Cryptography
import JSON

/// What the index holds of one document: a row for each value of each attribute that is searched or unique.
struct ProfileIndexEntries: Sendable {
    struct Entry: Sendable, Hashable {
        let attribute: UInt32
        let position: UInt16
        let sortKey: [UInt8]
    }

    /// A value that no other user may have.
    struct Claim: Sendable, Hashable {
        let attribute: UInt32
        let path: AttributePath
        let valueHash: [UInt8]
    }

    private(set) var entries: [Entry] = []
    private(set) var claims: [Claim] = []

    /// The entries of these attributes; values that do not fit the schema any more have none.
    init(of document: ProfileDocument, attributes: some Sequence<ProfileAttribute>) {
        for attribute in attributes where attribute.isIndexed {
            let root = document.values[attribute.path.root]
            let values = Self.values(root, attribute.path.codes.dropFirst())
            for value in values.prefix(ProfileValidation.maximumValueCount * 10) { add(value, attribute) }
        }
    }

    private mutating func add(_ json: JSONValue, _ attribute: ProfileAttribute) {
        guard let key = AttributeValue(json, attribute.kind)?.sortKey else { return }
        let position = UInt16(clamping: entries.count { $0.attribute == attribute.number })
        entries.append(Entry(attribute: attribute.number, position: position, sortKey: key))
        guard attribute.isUnique else { return }
        claims.append(Claim(attribute: attribute.number, path: attribute.path, valueHash: Self.hash(key)))
    }

    /// What a unique value is found by.
    static func hash(_ sortKey: [UInt8]) -> [UInt8] { SHA256.digest(of: sortKey) }

    /// All values at a path, through lists.
    private static func values(_ json: JSONValue?, _ codes: ArraySlice<String>) -> [JSONValue] {
        switch json {
        case nil: return []
        case .array(let elements): return elements.flatMap { values($0, codes) }
        case .some(let value):
            guard let code = codes.first else { return [value] }
            guard case .object(let members) = value else { return [] }
            return members.filter { $0.name == code }.flatMap { values($0.value, codes.dropFirst()) }
        }
    }
}
