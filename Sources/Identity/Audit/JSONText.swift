import JSON

/// JSON objects of strings, keys in order.
enum JSONText {
    /// An object with these members.
    static func object(_ members: [String: String]) -> String {
        JSONValue.object(members.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: .string($0.value)) }).text
    }
}
