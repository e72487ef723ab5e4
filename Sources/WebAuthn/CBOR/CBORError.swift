/// Why some bytes are not the CBOR we read; says nothing of the bytes.
package enum CBORError: Error, Sendable, Hashable {
    /// Longer than the caller allows.
    case tooLarge
    /// Ends within an item, or announces more than is left.
    case truncated
    /// Nested deeper than the caller allows.
    case tooDeep
    /// An indefinite length, a tag, a float, a simple value other than false, true and null, or a reserved head.
    case notAllowed
    /// A number or length in more bytes than it needs.
    case notShortest
    /// Text that is not UTF-8.
    case notUTF8
    /// A map key that is neither number nor text.
    case badKey
    /// Map keys that are there twice or not in CTAP2's order.
    case keysNotSorted
    /// Bytes after the item.
    case trailingBytes
}
