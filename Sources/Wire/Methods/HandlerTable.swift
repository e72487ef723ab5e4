/// Methods by name as functions over bytes: decode within the method's limits, call, encode.
package struct HandlerTable<Context: Sendable>: MethodRegistry, Sendable {
    /// Sends one encoded answer of a stream.
    package typealias Send = @Sendable ([UInt8]) async throws -> Void

    /// Gives the next encoded request of a stream; nil after the last.
    package typealias Receive = @Sendable () async throws -> [UInt8]?

    /// A method over bytes.
    ///
    /// Bytes that do not decode throw `WireError` before the handler runs.
    package enum Entry: Sendable {
        case unary(@Sendable ([UInt8], Context) async throws -> [UInt8])
        case serverStreaming(@Sendable ([UInt8], Context, @escaping Send) async throws -> Void)
        case clientStreaming(@Sendable (@escaping Receive, Context) async throws -> [UInt8])
        case bidirectionalStreaming(@Sendable (@escaping Receive, Context, @escaping Send) async throws -> Void)
    }

    private var entries: [MethodDescriptor: Entry] = [:]

    /// Makes an empty table.
    package init() {}

    /// Full names of the methods that have a handler.
    package var registered: Set<String> { Set(entries.keys.map(\.fullName)) }

    /// The function of a method; nil when nobody registered it.
    package func entry(for method: MethodDescriptor) -> Entry? { entries[method] }

    package mutating func register<Request: WireMessage, Response: WireMessage>(
        unary method: MethodDescriptor,
        _ call: @escaping @Sendable (Request, Context) async throws -> Response
    ) {
        let limits = DecodingLimits(method)
        entries[method] = .unary { bytes, context in
            try await call(try Request.decode(bytes, limits: limits), context).encoded()
        }
    }

    package mutating func register<Request: WireMessage, Response: WireMessage>(
        serverStreaming method: MethodDescriptor,
        _ call:
            @escaping @Sendable (Request, Context, @escaping @Sendable (Response) async throws -> Void) async throws ->
            Void
    ) {
        let limits = DecodingLimits(method)
        entries[method] = .serverStreaming { bytes, context, send in
            try await call(try Request.decode(bytes, limits: limits), context) { try await send($0.encoded()) }
        }
    }

    package mutating func register<Request: WireMessage, Response: WireMessage>(
        clientStreaming method: MethodDescriptor,
        _ call: @escaping @Sendable (RequestStream<Request>, Context) async throws -> Response
    ) {
        let limits = DecodingLimits(method)
        entries[method] = .clientStreaming { receive, context in
            try await call(RequestStream(limits: limits, next: receive), context).encoded()
        }
    }

    package mutating func register<Request: WireMessage, Response: WireMessage>(
        bidirectionalStreaming method: MethodDescriptor,
        _ call:
            @escaping @Sendable (
                RequestStream<Request>, Context, @escaping @Sendable (Response) async throws -> Void
            ) async throws -> Void
    ) {
        let limits = DecodingLimits(method)
        entries[method] = .bidirectionalStreaming { receive, context, send in
            try await call(RequestStream(limits: limits, next: receive), context) { try await send($0.encoded()) }
        }
    }
}
