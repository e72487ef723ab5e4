/// A JSON value as far as client data is read: the standard's members are texts and booleans.
enum JSONValue: Sendable, Hashable {
    /// The text's UTF-8 bytes, escapes resolved.
    case string([UInt8])
    case boolean(Bool)
    /// A number, null, array or object, checked and dropped.
    case other
}
