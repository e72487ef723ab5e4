/// A JSON value as far as we read it: the members we look at are texts, booleans and lists.
enum JSONValue: Sendable, Hashable {
    /// The text's UTF-8 bytes, escapes resolved.
    case string([UInt8])
    case boolean(Bool)
    case array([JSONValue])
    /// A number, null or object, checked and dropped.
    case other
}
