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

    /// One request, any number of answers; returns when the server has ended the stream well.
    func stream(
        _ method: MethodDescriptor,
        _ request: [UInt8],
        options: CallOptions,
        onItem: ([UInt8]) async throws -> Void
    ) async throws
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

    /// A stream over messages.
    func stream<Request: WireMessage, Response: WireMessage>(
        _ method: MethodDescriptor,
        _ request: Request,
        options: CallOptions,
        onItem: (Response) async throws -> Void
    ) async throws {
        try await stream(method, request.encoded(), options: options) { bytes in
            try await onItem(try Response.decode(bytes, limits: .reply))
        }
    }
}
