/// What travels on a connection, in either direction.
package typealias Frame = FrameEnvelope.Kind

extension FrameEnvelope.Kind {
    /// The encoding with its 32-bit big-endian length in front: what is written to the connection.
    package func encodedWithLength() -> [UInt8] {
        unsafe FrameEnvelope(kind: self).encoded(after: 4) { buffer, size in
            let length = UInt32(clamping: size)
            for index in 0..<4 { unsafe buffer[index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * index)) }
        }
    }
}

extension Detail {
    /// Wraps a message of gatehouse/v1/error.proto.
    package init<Message: WireMessage>(_ message: Message) {
        self.init(type: Message.fullName, value: message.encoded())
    }
}
