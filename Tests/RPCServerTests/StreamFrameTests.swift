import Cryptography
import RPCServer
import Testing

@testable import Wire

/// The rules of streams, frame by frame, as clients keep and break them.
@Suite(.timeLimit(.minutes(10)))
struct StreamFrameTests {
    private func withStream(
        _ method: MethodDescriptor,
        _ change: (inout RPCLimits) -> Void = { _ in },
        _ body: (TestServer, RawConnection) async throws -> Void
    ) async throws {
        try await withServer(change) { server in
            let connection = try await server.connect()
            await connection.send(.call(try await call(method, of: server)))
            try await body(server, connection)
        }
    }

    private func call(_ method: MethodDescriptor, id: UInt64 = 1, of server: TestServer) async throws -> CallFrame {
        .to(method.fullName, id: id, token: try await server.world.makeCaller(["server.read"]).token)
    }

    /// Reads up to the credit that accepts the call.
    private func accepted(_ connection: RawConnection) async -> Bool {
        guard case .credit(let credit) = await connection.next() else { return false }
        return credit.callID == 1 && credit.bytes == 262_144
    }

    private func send(_ count: Int, bytes: Int, on connection: RawConnection) async {
        let message = Wire.Reason(id: String(repeating: "a", count: bytes)).encoded()
        let frame = Frame.item(ItemFrame(callID: 1, message: message)).encodedWithLength()
        for _ in 0..<count { connection.push(frame) }
    }

    private func isRefused(_ connection: RawConnection) async -> Bool {
        for case .goAway in await connection.untilClosed() { return true }
        return false
    }

    @Test func `a client that stops reading a stream holds it, and no other call`() async throws {
        try await withStream(StreamMethods.flood) { server, connection in
            let cost = StreamMethods.itemBytes + 3 + 16
            let held = (262_144 + cost - 1) / cost
            for _ in 0..<held {
                guard case .item = await connection.next() else {
                    Issue.record("no item")
                    return
                }
            }
            for id in UInt64(2)...20 {
                #expect(await connection.call(.to("gatehouse.v1.ServerService/CheckHealth", id: id))?.status == nil)
            }
            #expect(server.flooded.count <= held)
            await connection.send(.credit(CreditFrame(callID: 1, bytes: 262_144)))
            guard case .item = await connection.next() else {
                Issue.record("no item after the credit")
                return
            }
        }
    }

    @Test func `a client that reads nothing for too long loses its stream`() async throws {
        try await withStream(StreamMethods.flood) {
            $0.streamStall = .milliseconds(200)
        } _: { _, connection in
            #expect(await connection.reply()?.status?.code == 4)
            #expect(await connection.call(.to("gatehouse.v1.ServerService/CheckHealth", id: 2))?.status == nil)
        }
    }

    @Test func `a client that sends nothing for too long loses its stream`() async throws {
        try await withStream(StreamMethods.collect) {
            $0.streamStall = .milliseconds(200)
        } _: { _, connection in
            #expect(await connection.reply()?.status?.code == 4)
        }
    }

    @Test func `an item before the call was accepted is misuse`() async throws {
        try await withServer { server in
            let connection = try await server.connect()
            let call = Frame.call(try await call(StreamMethods.collect, of: server)).encodedWithLength()
            let item = Frame.item(ItemFrame(callID: 1, message: [])).encodedWithLength()
            await connection.write(call + item)
            #expect(await isRefused(connection))
        }
    }

    @Test func `items beyond the credit are misuse`() async throws {
        try await withStream(StreamMethods.deaf) { _, connection in
            #expect(await accepted(connection))
            await send(50, bytes: 8000, on: connection)
            #expect(await isRefused(connection))
        }
    }

    @Test func `an item or an end after the end is misuse`() async throws {
        for frame in [Frame.item(ItemFrame(callID: 1, message: [])), .end(EndFrame(callID: 1))] {
            try await withStream(StreamMethods.deaf) { _, connection in
                #expect(await accepted(connection))
                await connection.send(.end(EndFrame(callID: 1)))
                await connection.send(frame)
                #expect(await isRefused(connection))
            }
        }
    }

    @Test func `more credit than a stream may have is misuse`() async throws {
        try await withStream(StreamMethods.flood) { _, connection in
            _ = await connection.next()
            await connection.send(.credit(CreditFrame(callID: 1, bytes: .max)))
            #expect(await isRefused(connection))
        }
    }

    @Test func `an item for a stream that takes none is misuse`() async throws {
        try await withStream(StreamMethods.flood) { _, connection in
            _ = await connection.next()
            await connection.send(.item(ItemFrame(callID: 1, message: [])))
            #expect(await isRefused(connection))
        }
    }

    @Test func `items, ends and credit that come after the call was over are ignored`() async throws {
        try await withStream(StreamMethods.collect) { _, connection in
            #expect(await accepted(connection))
            await connection.send(.cancel(CancelFrame(callID: 1)))
            #expect(await connection.reply()?.status?.code == 1)
            await send(3, bytes: 10, on: connection)
            await connection.send(.end(EndFrame(callID: 1)))
            await connection.send(.credit(CreditFrame(callID: 1, bytes: 5)))
            #expect(await connection.call(.to("gatehouse.v1.ServerService/CheckHealth", id: 2))?.status == nil)
        }
    }

    @Test func `a call that takes items has no message beside them`() async throws {
        try await withServer { server in
            let connection = try await server.connect()
            var frame = try await call(StreamMethods.collect, of: server)
            frame.message = Wire.Reason(id: "x").encoded()
            #expect(await connection.call(frame)?.status?.code == 3)
        }
    }

    @Test func `more streams than a connection may have are refused, and the others go on`() async throws {
        try await withStream(StreamMethods.collect) {
            $0.streams = 1
        } _: { server, connection in
            #expect(await accepted(connection))
            await connection.send(.call(try await call(StreamMethods.collect, id: 2, of: server)))
            let refused = await connection.reply()
            #expect(refused?.callID == 2)
            #expect(refused?.status?.code == 8)
            await connection.send(.end(EndFrame(callID: 1)))
            #expect(await connection.reply()?.status == nil)
        }
    }

    @Test func `an item that does not decode fails the call`() async throws {
        try await withStream(StreamMethods.collect) { _, connection in
            #expect(await accepted(connection))
            await connection.send(.item(ItemFrame(callID: 1, message: [0xFF, 0xFF])))
            #expect(await connection.reply()?.status?.code == 3)
        }
    }
}
