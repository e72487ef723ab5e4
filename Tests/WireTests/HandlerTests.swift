import Testing

@testable import Wire

/// The stubs against the handlers, through bytes, without a network.
@Suite struct HandlerTests {
    struct Server: ServerServiceHandler {
        typealias Context = String

        func checkHealth(_ request: CheckHealthRequest, context: String) async throws -> CheckHealthResponse {
            CheckHealthResponse(status: .serving)
        }

        func watchHealth(
            _ request: WatchHealthRequest,
            context: String,
            send: @escaping @Sendable (WatchHealthResponse) async throws -> Void
        ) async throws {
            try await send(WatchHealthResponse(status: .serving))
            try await send(WatchHealthResponse(status: .notServing))
        }

        func getVersion(_ request: GetVersionRequest, context: String) async throws -> GetVersionResponse {
            GetVersionResponse(version: context, schemaVersion: 7)
        }

        func listMethods(_ request: ListMethodsRequest, context: String) async throws -> ListMethodsResponse {
            ListMethodsResponse(methods: MethodTable.all.map { Method(name: $0.fullName) })
        }
    }

    struct Loopback: RPCCaller {
        let table: HandlerTable<String>

        func call(_ method: MethodDescriptor, _ request: [UInt8], options: CallOptions) async throws -> [UInt8] {
            guard case .unary(let call)? = table.entry(for: method) else { throw WireError(.unknownType) }
            return try await call(request, "1.2.3")
        }

        func open(
            _ method: MethodDescriptor,
            _ request: [UInt8],
            options: CallOptions
        ) async throws -> any MessageStream {
            guard case .serverStreaming(let call)? = table.entry(for: method) else { throw WireError(.unknownType) }
            let (items, continuation) = AsyncStream<[UInt8]>.makeStream()
            try await call(request, "1.2.3") { continuation.yield($0) }
            continuation.finish()
            return KeptItems(items: items)
        }
    }

    final class KeptItems: MessageStream {
        let items: AsyncStream<[UInt8]>
        init(items: AsyncStream<[UInt8]>) { self.items = items }
        func send(_ message: [UInt8]) async throws {}
        func finishSending() async throws {}
        func cancel() {}

        func next() async throws -> [UInt8]? {
            var iterator = items.makeAsyncIterator()
            return await iterator.next()
        }
    }

    private var table: HandlerTable<String> {
        var table = HandlerTable<String>()
        Server().register(into: &table)
        return table
    }

    @Test func `every method of a service is registered`() {
        #expect(table.registered == Set(MethodTable.ServerService.all.map(\.fullName)))
        #expect(table.entry(for: MethodTable.UserService.getUser) == nil)
    }

    @Test func `a stub reaches its handler with the context`() async throws {
        let client = ServerServiceClient(Loopback(table: table))
        let version = try await client.getVersion(GetVersionRequest())
        #expect(version == GetVersionResponse(version: "1.2.3", schemaVersion: 7))
        #expect(try await client.listMethods(ListMethodsRequest()).methods.count == MethodTable.all.count)
    }

    @Test func `a stream's items arrive in order`() async throws {
        var seen: [ServingStatus] = []
        let stream = try await ServerServiceClient(Loopback(table: table)).watchHealth(WatchHealthRequest())
        for try await item in stream { seen.append(item.status) }
        #expect(seen == [.serving, .notServing])
    }

    @Test func `a request beyond the method's cap does not reach the handler`() async throws {
        let bytes = Encoding.delimited(100, [UInt8](repeating: 0, count: 64))
        let loopback = Loopback(table: table)
        await #expect(throws: WireError(.tooLarge)) {
            try await loopback.call(MethodTable.ServerService.checkHealth, bytes, options: CallOptions())
        }
    }
}
