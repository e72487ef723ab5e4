/// What a client may say about a call.
package struct CallOptions: Sendable {
    /// How long to wait; nil: the server's default.
    package var timeout: Duration?
    /// `authorization`, `x-session`, `idempotency-key`, `x-request-id`, `traceparent`.
    package var metadata: [Metadata]

    /// Makes options; by default there are none.
    package init(timeout: Duration? = nil, metadata: [Metadata] = []) {
        self.timeout = timeout
        self.metadata = metadata
    }
}

/// Carries encoded calls to a server; the client stubs stand on it.
package protocol RPCCaller: Sendable {
    /// One request, one answer.
    func call(_ method: MethodDescriptor, _ request: [UInt8], options: CallOptions) async throws -> [UInt8]

    /// Begins a call with a stream in at least one direction; `request` is empty when the client streams.
    func open(_ method: MethodDescriptor, _ request: [UInt8], options: CallOptions) async throws -> any MessageStream
}

extension RPCCaller {
    /// A call over messages.
    func call<Request: WireMessage, Response: WireMessage>(
        _ method: MethodDescriptor,
        _ request: Request,
        options: CallOptions
    ) async throws -> Response {
        try Response.decode(try await call(method, request.encoded(), options: options), limits: .reply)
    }

    /// A call of one request that is answered by a stream.
    func open<Request: WireMessage, Response: WireMessage>(
        _ method: MethodDescriptor,
        _ request: Request,
        options: CallOptions
    ) async throws -> StreamCall<Request, Response> {
        StreamCall(try await open(method, request.encoded(), options: options))
    }

    /// A call of many requests.
    func open<Request: WireMessage, Response: WireMessage>(
        _ method: MethodDescriptor,
        options: CallOptions
    ) async throws -> StreamCall<Request, Response> {
        StreamCall(try await open(method, [], options: options))
    }
}
