/// The text of a statement: a literal in the source, so that no value can ever be part of it.
package struct SQL: Sendable, ExpressibleByStringLiteral {
    let storage: Storage

    enum Storage: Sendable {
        case literal(StaticString)
        case text(String)
    }

    /// Takes a literal without interpolation.
    package init(stringLiteral value: StaticString) {
        storage = .literal(value)
    }

    /// Takes text made at run time; the caller answers for it holding no value from outside.
    package init(unsafeSQL text: String) {
        storage = .text(text)
    }

    /// The text itself.
    package var text: String {
        switch storage {
        case .literal(let literal): "\(literal)"
        case .text(let text): text
        }
    }

    /// What tells one statement from another in a cache: the address of a literal, or the text.
    var key: Key {
        switch storage {
        case .literal(let literal) where literal.hasPointerRepresentation:
            unsafe .address(UInt(bitPattern: literal.utf8Start), count: literal.utf8CodeUnitCount)
        case .literal(let literal): .text("\(literal)")
        case .text(let text): .text(text)
        }
    }

    enum Key: Hashable {
        case address(UInt, count: Int)
        case text(String)
        /// A coalesced read with room for `width` keys.
        case wide(ObjectIdentifier, width: Int)
        /// Several statements in one.
        indirect case block(BlockKey)
    }
}
