internal import Cryptography
package import Wire

/// A client of one Gatehouse server: one connection, kept open and opened again when it is lost; many calls at a time.
///
/// Calls that are safe to repeat (reading, or carrying an idempotency key) are repeated when the server was not
/// reachable or the connection was lost, with growing pauses.
public final class GatehouseClient: Sendable {
    private let configuration: ClientConfiguration
    private let keeper: ConnectionKeeper

    /// Makes a client; it connects with its first call.
    ///
    /// - Parameter configuration: Where the server is, and as whom to call.
    /// - Throws: When certificate files cannot be read, or plaintext is to go beyond this machine.
    public init(_ configuration: ClientConfiguration) throws {
        self.configuration = configuration
        keeper = ConnectionKeeper(try ClientConnector(configuration))
    }

    /// Ends the connection; calls in flight fail, later ones too.
    public func close() {
        keeper.close()
    }

    /// Calls a method by name with an encoded request.
    ///
    /// - Parameters:
    ///   - method: Full name: `gatehouse.v1.UserService/GetUser`.
    ///   - request: The encoded request message.
    ///   - timeout: How long to wait; nil: as configured.
    ///   - idempotencyKey: 1 to 100 visible ASCII characters; makes a change safe to repeat.
    /// - Returns: The encoded response message.
    /// - Throws: `RPCError`.
    public func call(
        method: String,
        request: [UInt8],
        timeout: Duration? = nil,
        idempotencyKey: String? = nil
    ) async throws -> [UInt8] {
        var metadata: [Metadata] = []
        if let idempotencyKey {
            metadata.append(Metadata(key: "idempotency-key", value: SecretBytes(utf8: idempotencyKey)))
        }
        let isSafe = idempotencyKey != nil || MethodTable.method(named: method)?.isReadOnly == true
        return try await call(method, request, CallOptions(timeout: timeout, metadata: metadata), isSafe: isSafe)
    }
}

extension GatehouseClient: RPCCaller {
    /// Makes a call of one answer.
    package func call(_ method: MethodDescriptor, _ request: [UInt8], options: CallOptions) async throws -> [UInt8] {
        let isSafe = method.isReadOnly || options.metadata.contains { $0.key == "idempotency-key" }
        return try await call(method.fullName, request, options, isSafe: isSafe)
    }

    /// Begins a call that streams; it is not repeated, and without a time-out lasts as long as the server lets it.
    package func open(
        _ method: MethodDescriptor,
        _ request: [UInt8],
        options: CallOptions
    ) async throws -> any MessageStream {
        let connection = try await connection()
        return try connection.open(method.fullName, request, metadata(options), timeout: options.timeout)
    }

    private func call(_ method: String, _ request: [UInt8], _ options: CallOptions, isSafe: Bool) async throws
        -> [UInt8]
    {
        let end = ContinuousClock.now + (options.timeout ?? configuration.timeout)
        var attempt = 1
        while true {
            do {
                let connection = try await connection()
                let left = max(end - .now, .milliseconds(1))
                return try await connection.call(method, request, metadata(options), timeout: left)
            } catch let error as RPCError where error.code == .unavailable && attempt < configuration.attempts {
                let pause = Self.pause(after: attempt, error)
                guard isSafe || error.wasNeverBegun, ContinuousClock.now + pause < end else { throw error }
                try await Task.sleep(for: pause)
                attempt += 1
            }
        }
    }

    private func connection() async throws -> ClientConnection {
        if let connection = keeper.usable { return connection }
        return try await keeper.connection()
    }

    /// What the server asks for, or 50 ms doubled with each attempt; with a random part.
    private static func pause(after attempt: Int, _ error: RPCError) -> Duration {
        let base = error.retryAfter ?? .milliseconds(Int64(50) << Int64(min(attempt, 6)))
        return base + .milliseconds(Int64(SystemRandom().uniform(below: 50)))
    }

    private func metadata(_ options: CallOptions) -> [Metadata] {
        guard let token = configuration.token() else { return options.metadata }
        let value = SecretBytes(copying: Array("Bearer ".utf8) + token)
        return options.metadata + [Metadata(key: "authorization", value: value)]
    }
}

extension RPCError {
    /// Whether the call can be repeated whatever it does, because no server began it.
    ///
    /// A server gives a request id to every call it begins.
    fileprivate var wasNeverBegun: Bool { !isOutcomeUnknown && requestID.isEmpty }
}
