import CGatehouseProtos

/// A Swift value that a protoc-c struct can carry.
protocol CBacked: Sendable {
    /// The struct that protoc-c made; it begins with a `ProtobufCMessage`.
    associatedtype CMessage

    /// Sets the struct to its default values.
    static func initialize(_ message: UnsafeMutablePointer<CMessage>)

    /// Takes the values out of an unpacked struct and checks the limits of the fields.
    init(reading message: UnsafePointer<CMessage>) throws(WireError)

    /// Puts the values into an initialised struct.
    func write(to message: UnsafeMutablePointer<CMessage>, in arena: Arena)
}

/// A message of ours over its protoc-c struct.
///
/// The generated code conforms to it.
protocol Facade: WireMessage, CBacked {}

extension CBacked {
    /// protobuf-c's description of the message.
    static var descriptor: UnsafePointer<ProtobufCMessageDescriptor> {
        get throws(WireError) {
            // The address of a C constant cannot be taken from Swift, but every initialised struct holds it.
            try unsafe withUnsafeTemporaryAllocation(of: CMessage.self, capacity: 1) {
                (buffer) throws(WireError) -> UnsafePointer<ProtobufCMessageDescriptor> in
                guard let message = buffer.baseAddress else { throw WireError(.unknownType) }
                unsafe initialize(message)
                let base = unsafe UnsafeRawPointer(message).load(as: ProtobufCMessage.self)
                guard let descriptor = unsafe base.descriptor else { throw WireError(.unknownType) }
                return unsafe descriptor
            }
        }
    }
}

extension Facade {
    @safe package static func decode(_ bytes: UnsafeRawBufferPointer, limits: DecodingLimits) throws(WireError) -> Self
    {
        try unsafe decode(bytes, limits: limits, arena: arena(for: bytes.count, limits))
    }

    /// The one way from bytes to a value: size, scan, unpack into the arena, take the values out.
    static func decode(
        _ bytes: UnsafeRawBufferPointer,
        limits: DecodingLimits,
        arena: Arena
    ) throws(WireError) -> Self {
        guard bytes.count <= limits.maximumBytes else { throw WireError(.tooLarge) }
        let descriptor = try unsafe descriptor
        try unsafe WireScanner.check(bytes, as: descriptor, limits: limits)
        let unpacked = unsafe arena.withAllocator { allocator in
            unsafe protobuf_c_message_unpack(
                descriptor,
                allocator,
                bytes.count,
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            )
        }
        guard let unpacked = unsafe unpacked else { throw WireError(arena.isExhausted ? .tooLarge : .malformed) }
        return try withExtendedLifetime(arena) { () throws(WireError) -> Self in
            try unsafe Self(reading: UnsafeRawPointer(unpacked).assumingMemoryBound(to: CMessage.self))
        }
    }

    /// An arena whose caps are in proportion to the input.
    static func arena(for count: Int, _ limits: DecodingLimits) -> Arena {
        Arena(
            byteCap: limits.arenaBytes(for: min(count, limits.maximumBytes)),
            countCap: limits.allocations(for: min(count, limits.maximumBytes)),
            firstBlock: min(512 + 4 * count, 64 * 1024)
        )
    }

    @safe package func encoded() -> [UInt8] { unsafe encoded(after: 0) { _, _ in } }

    /// The encoding with `prefix` bytes in front, which `fill` writes knowing the length of the encoding.
    func encoded(after prefix: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>, Int) -> Void) -> [UInt8] {
        let arena = Arena()
        return withExtendedLifetime(arena) {
            guard let message = unsafe arena.message(self) else { return [] }
            return unsafe UnsafeMutableRawPointer(message)
                .withMemoryRebound(to: ProtobufCMessage.self, capacity: 1) { base in
                    let size = unsafe protobuf_c_message_get_packed_size(base)
                    return unsafe [UInt8](unsafeUninitializedCapacity: prefix + size) { buffer, count in
                        guard let start = buffer.baseAddress else { return }
                        unsafe fill(buffer, size)
                        count = unsafe prefix + protobuf_c_message_pack(base, start + prefix)
                    }
                }
        }
    }
}
