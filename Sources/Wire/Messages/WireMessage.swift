/// A message of the interface as a Swift value.
package protocol WireMessage: Sendable {
    /// Makes the message with default values.
    init()

    /// Name with package, such as `gatehouse.v1.User`.
    static var fullName: String { get }

    /// The `@max` of its fields by proto name: bytes of a string or bytes field, elements of a repeated one.
    static var fieldLimits: [String: Int] { get }

    /// Reads a message from its protobuf encoding.
    ///
    /// - Throws: `WireError` with the path of the field at fault; memory stays in proportion to the input.
    @safe static func decode(_ bytes: UnsafeRawBufferPointer, limits: DecodingLimits) throws(WireError) -> Self

    /// The protobuf encoding.
    ///
    /// A NUL character in a `string` is left out, because the decoder refuses it and a C string would end there.
    func encoded() -> [UInt8]
}

extension WireMessage {
    /// No field of the message has a limit of its own.
    package static var fieldLimits: [String: Int] { [:] }

    /// Reads a message from its protobuf encoding.
    package static func decode(_ bytes: [UInt8], limits: DecodingLimits) throws(WireError) -> Self {
        try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(WireError) -> Self in
            try decode(UnsafeRawBufferPointer(buffer), limits: limits)
        }
    }
}
