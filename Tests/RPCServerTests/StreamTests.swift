import Cryptography
import Identity
import RPCClient
import RPCServer
import Testing

@testable import Wire

/// Streams in both directions through our own client, and how each ends.
@Suite(.timeLimit(.minutes(10)))
struct StreamTests {
    typealias Call = StreamCall<Wire.Reason, Wire.Reason>

    private func withClient(
        _ change: (inout RPCLimits) -> Void = { _ in },
        _ body: (TestServer, GatehouseClient) async throws -> Void
    ) async throws {
        try await withServer(change) { server in
            let client = try server.client(try await server.world.makeCaller(["server.read"]).token)
            defer { client.close() }
            try await body(server, client)
        }
    }

    private func open(_ client: GatehouseClient, _ method: MethodDescriptor, timeout: Duration? = nil) async throws
        -> Call
    {
        try await client.open(method, options: CallOptions(timeout: timeout))
    }

    private func item(_ number: Int) -> Wire.Reason {
        Wire.Reason(id: "\(number) " + String(repeating: "y", count: 500))
    }

    @Test func `a method is sent many times what its window holds, and answers once`() async throws {
        try await withClient { _, client in
            let call = try await open(client, StreamMethods.collect)
            for number in 0..<3000 { try await call.send(item(number)) }
            #expect(try await call.response().id == "3000")
        }
    }

    @Test func `requests and answers stream at once, in order`() async throws {
        try await withClient { _, client in
            let call = try await open(client, StreamMethods.echo)
            async let sending: Void = {
                for number in 0..<3000 { try await call.send(item(number)) }
                try await call.finishSending()
            }()
            var seen = 0
            for try await answer in call {
                #expect(answer.id.hasPrefix("\(seen) "))
                seen += 1
            }
            try await sending
            #expect(seen == 3000)
        }
    }

    @Test func `a stream without items has its answer, and several run side by side`() async throws {
        try await withClient { _, client in
            #expect(try await open(client, StreamMethods.collect).response().id == "0")
            let calls = [
                try await open(client, StreamMethods.collect), try await open(client, StreamMethods.collect),
            ]
            for number in 0..<10 { try await calls[number % 2].send(item(number)) }
            for call in calls { #expect(try await call.response().id == "5") }
        }
    }

    @Test func `an item beyond the method's cap fails the call and leaves the connection`() async throws {
        try await withClient { _, client in
            let call = try await open(client, StreamMethods.collect)
            try await call.send(Wire.Reason(id: String(repeating: "z", count: 9000)))
            await expectError(.invalidArgument) { _ = try await call.next() }
            #expect(try await open(client, StreamMethods.collect).response().id == "0")
        }
    }

    @Test func `what is sent after the server has ended the call fails as the call did`() async throws {
        try await withClient { _, client in
            let call = try await open(client, StreamMethods.collect)
            try await call.send(Wire.Reason(id: String(repeating: "z", count: 9000)))
            await expectError(.invalidArgument) { while true { try await call.send(item(1)) } }
        }
    }

    @Test func `a stream ends at its deadline`() async throws {
        try await withClient { limits in
            // The clock that looks at deadlines goes as often as the shortest limit asks.
            limits.frame = .milliseconds(400)
        } _: { _, client in
            let call = try await open(client, StreamMethods.flood, timeout: .milliseconds(300))
            await expectError(.deadlineExceeded) { for try await _ in call {} }
        }
    }

    @Test func `a stream that nobody holds any more is given up`() async throws {
        try await withClient {
            $0.streams = 1
        } _: { _, client in
            for _ in 0..<5 {
                var hasItem = false
                // Refused while the one before still ends.
                while !hasItem {
                    let call = try await open(client, StreamMethods.flood)
                    hasItem = (try? await call.next()) != nil
                }
            }
        }
    }

    @Test func `cancelling a task ends its waiting for credit, and its call`() async throws {
        try await withClient {
            $0.streams = 1
        } _: { _, client in
            let (sent, note) = AsyncStream<Void>.makeStream()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { note.finish() }
                    guard let call = try? await open(client, StreamMethods.deaf) else { return }
                    while (try? await call.send(item(0))) != nil { note.yield() }
                }
                for await _ in sent.prefix(400) {}
                group.cancelAll()
            }
            while (try? await open(client, StreamMethods.collect).response()) == nil {}
        }
    }

    @Test func `a server that stops ends its streams, so that their clients go on elsewhere`() async throws {
        try await withClient { server, client in
            let flood = try await open(client, StreamMethods.flood)
            let echo = try await open(client, StreamMethods.echo)
            _ = try await flood.next()
            try await echo.send(item(0))
            _ = try await echo.next()
            await server.stop()
            await expectError(.unavailable) { for try await _ in flood {} }
            await expectError(.unavailable) { _ = try await echo.next() }
        }
    }

    @Test func `a revoked token ends the streams that it began`() async throws {
        try await withServer {
            $0.reauthorization = .milliseconds(20)
        } _: { server in
            let caller = try await server.world.makeCaller(["server.read"])
            let client = try server.client(caller.token)
            defer { client.close() }
            let call = try await open(client, StreamMethods.echo)
            try await call.send(item(0))
            _ = try await call.next()
            try await server.world.core.serviceAccounts.delete(
                caller.account.id,
                expectedRevision: nil,
                server.world.system
            )
            await expectError(.unauthenticated) { _ = try await call.next() }
        }
    }

    @Test func `a caller without the right has no stream`() async throws {
        try await withServer { server in
            let client = try server.client(try await server.world.makeCaller(["users.read"]).token)
            defer { client.close() }
            let call = try await open(client, StreamMethods.collect)
            await expectError(.permissionDenied) { try await call.send(item(0)) }
        }
    }
}

extension StreamCall {
    fileprivate func next() async throws -> Response? {
        var iterator = makeAsyncIterator()
        return try await iterator.next()
    }
}
