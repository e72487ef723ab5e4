internal import Cryptography
internal import NIOCore
internal import Synchronization
package import Wire

/// A client of one Gatehouse server: one connection, kept open and opened again when it is lost; many calls at a time.
///
/// Calls that are safe to repeat (reading, or carrying an idempotency key) are repeated when the server was not
/// reachable, with growing pauses.
public final class GatehouseClient: Sendable {
    private enum Phase {
        case idle
        case opening(Task<ClientConnection, any Error>)
        case open(ClientConnection)
        case closed
    }

    private let configuration: ClientConfiguration
    private let connector: ClientConnector
    private let phase = Mutex(Phase.idle)

    /// Makes a client; it connects with its first call.
    ///
    /// - Parameter configuration: Where the server is, and as whom to call.
    /// - Throws: When certificate files cannot be read.
    public init(_ configuration: ClientConfiguration) throws {
        self.configuration = configuration
        connector = try ClientConnector(configuration)
    }

    /// Ends the connection; calls in flight fail, later ones too.
    public func close() {
        let former = phase.withLock { phase in
            defer { phase = .closed }
            return phase
        }
        switch former {
        case .open(let connection): connection.close()
        case .opening(let task): task.cancel()
        case .idle, .closed: break
        }
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
    package func call(_ method: MethodDescriptor, _ request: [UInt8], options: CallOptions) async throws -> [UInt8] {
        let isSafe = method.isReadOnly || options.metadata.contains { $0.key == "idempotency-key" }
        return try await call(method.fullName, request, options, isSafe: isSafe)
    }

    package func stream(
        _ method: MethodDescriptor,
        _ request: [UInt8],
        options: CallOptions,
        onItem: ([UInt8]) async throws -> Void
    ) async throws {
        let connection = try await connection()
        let timeout = options.timeout ?? configuration.timeout
        try await connection.stream(method.fullName, request, metadata(options), timeout: timeout, onItem: onItem)
    }

    private func call(_ method: String, _ request: [UInt8], _ options: CallOptions, isSafe: Bool) async throws -> [UInt8] {
        let end = ContinuousClock.now + (options.timeout ?? configuration.timeout)
        var attempt = 1
        while true {
            do {
                let connection = try await connection()
                let left = max(end - .now, .milliseconds(1))
                return try await connection.call(method, request, metadata(options), timeout: left)
            } catch let error as RPCError where error.code == .unavailable && attempt < configuration.attempts {
                // A call that never reached the server is safe to repeat, whatever it does.
                guard isSafe || !error.isOutcomeUnknown && error.requestID.isEmpty, ContinuousClock.now < end else {
                    throw error
                }
                let jitter = Int64(SystemRandom().uniform(below: 50))
                try await Task.sleep(for: .milliseconds(50 * (1 << attempt) + jitter))
                attempt += 1
            }
        }
    }

    private func metadata(_ options: CallOptions) -> [Metadata] {
        guard let token = configuration.token() else { return options.metadata }
        let value = SecretBytes(copying: Array("Bearer ".utf8) + token)
        return options.metadata + [Metadata(key: "authorization", value: value)]
    }

    /// The open connection, or a new one; callers that come together wait for one attempt.
    private func connection() async throws -> ClientConnection {
        let task: Task<ClientConnection, any Error> = try phase.withLock { phase in
            switch phase {
            case .open(let connection) where connection.isUsable: return Task { connection }
            case .opening(let task): return task
            case .closed: throw RPCError(.unavailable, "the client was closed")
            case .idle, .open:
                let task = Task { [connector] in try await connector.connect() }
                phase = .opening(task)
                return task
            }
        }
        do {
            let connection = try await task.value
            phase.withLock { phase in if case .opening = phase { phase = .open(connection) } }
            return connection
        } catch {
            phase.withLock { phase in if case .opening = phase { phase = .idle } }
            throw error
        }
    }
}
