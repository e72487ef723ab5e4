internal import Identity
internal import MariaDB
internal import Wire

/// The methods of gatehouse.v1.ServerService.
struct ServerHandlers: ServerServiceHandler {
    /// How often a watcher's status is looked at.
    private static let watchInterval = Duration.milliseconds(250)

    let health: HealthState
    let version: String

    func checkHealth(_ request: CheckHealthRequest, context: CallContext) async throws -> CheckHealthResponse {
        CheckHealthResponse(status: status)
    }

    /// Ends well at the call's deadline: a watcher asks again.
    func watchHealth(
        _ request: WatchHealthRequest,
        context: CallContext,
        send: @escaping @Sendable (WatchHealthResponse) async throws -> Void
    ) async throws {
        var last: ServingStatus?
        while !context.deadline.hasPassed {
            let status = status
            if status != last { try await send(WatchHealthResponse(status: status)) }
            last = status
            // A server that goes down has said so; it must not wait for watchers.
            guard status == .serving || !health.isStopping else { return }
            try? await Task.sleep(for: min(Self.watchInterval, context.deadline.remaining))
            // The deadline and the server's end cancel too; only the client's own wish leaves nothing to say.
            if !context.deadline.hasPassed, !health.isStopping { try Task.checkCancellation() }
        }
    }

    func getVersion(_ request: GetVersionRequest, context: CallContext) async throws -> GetVersionResponse {
        GetVersionResponse(version: version, schemaVersion: UInt32(clamping: IdentityCore.schemaVersion))
    }

    func listMethods(_ request: ListMethodsRequest, context: CallContext) async throws -> ListMethodsResponse {
        ListMethodsResponse(
            methods: MethodTable.all.map { method in
                Wire.Method(
                    name: method.fullName,
                    permission: method.permission,
                    requestType: method.requestType,
                    responseType: method.responseType,
                    serverStreaming: method.kind == .serverStreaming || method.kind == .bidirectionalStreaming,
                    clientStreaming: method.kind == .clientStreaming || method.kind == .bidirectionalStreaming,
                    maximumRequestBytes: UInt32(clamping: method.maximumRequestBytes),
                    readOnly: method.isReadOnly
                )
            }
        )
    }

    private var status: ServingStatus { health.isServing ? .serving : .notServing }
}
