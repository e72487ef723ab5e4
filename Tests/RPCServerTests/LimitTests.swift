import RPCServer
import Testing
import Wire

/// SECURITY RPC-07 and RPC-08: what one client, or very many, can take from the others.
@Suite(.timeLimit(.minutes(10)))
struct LimitTests {
    private static let health = "gatehouse.v1.ServerService/CheckHealth"
    private static let watch = "gatehouse.v1.ServerService/WatchHealth"

    private func reason(_ frames: [Frame]) -> String? {
        for case .goAway(let goAway) in frames { return goAway.reason }
        return nil
    }

    @Test func `a client that says nothing is cut off`() async throws {
        try await withServer {
            $0.firstFrame = .milliseconds(200)
        } _: { server in
            let connection = try await server.connect()
            #expect(reason(await connection.untilClosed()) == "no frame came in time")
        }
    }

    @Test func `a connection without calls ends in time, and one with a call in flight does not`() async throws {
        try await withServer {
            $0.idle = .seconds(1)
        } _: { server in
            let token = try await server.world.makeCaller(["server.read"]).token
            let busy = try await server.connect()
            await busy.send(.call(.to(Self.watch, token: token, timeout: 4000)))
            let idle = try await server.connect()
            #expect(reason(await idle.untilClosed()) == "the connection was idle")
            #expect(await busy.reply()?.status == nil)
        }
    }

    @Test func `a busy connection whose reads end within frames is not taken for a slow one`() async throws {
        try await withServer {
            $0.frame = .milliseconds(250)
        } _: { server in
            let connection = try await server.connect()
            let frame = Frame.call(.to(Self.health)).encodedWithLength()
            // Every write ends one frame and begins the next; together they last longer than a frame may.
            await connection.write(Array(frame.prefix(5)))
            for _ in 0..<12 {
                try await Task.sleep(for: .milliseconds(50))
                await connection.write(Array(frame[5...] + frame[..<5]))
                #expect(await connection.reply()?.status == nil)
            }
        }
    }

    @Test func `more calls than a connection may have in flight are refused and the others go on`() async throws {
        try await withServer {
            $0.callsInFlight = 4
        } _: { server in
            let token = try await server.world.makeCaller(["server.read"]).token
            let connection = try await server.connect()
            for id in UInt64(1)...4 { await connection.send(.call(.to(Self.watch, id: id, token: token))) }
            await connection.send(.call(.to(Self.health, id: 5)))
            let refused = try #require(await connection.reply())
            #expect(refused.callID == 5)
            #expect(refused.status?.code == 8)
            await connection.send(.cancel(CancelFrame(callID: 2)))
            #expect(await connection.reply()?.status?.code == 1)
            #expect(await connection.call(.to(Self.health, id: 6))?.status == nil)
        }
    }

    @Test func `connections beyond the total and beyond an address's share are closed`() async throws {
        for limit in [\RPCLimits.connections, \.connectionsPerAddress] {
            try await withServer {
                $0[keyPath: limit] = 2
            } _: { server in
                let first = try await server.connect()
                let second = try await server.connect()
                #expect(await first.call(.to(Self.health)) != nil)
                #expect(await second.call(.to(Self.health)) != nil)
                let third = try await server.connect()
                #expect(await third.untilClosed().isEmpty)
                first.close()
                // The place is free when the server has noticed.
                var isServed = false
                while !isServed {
                    isServed = await (try server.connect()).call(.to(Self.health)) != nil
                }
                #expect(await second.call(.to(Self.health, id: 2)) != nil)
            }
        }
    }

    @Test func `hundreds of clients that send a byte now and then do not keep a caller waiting`() async throws {
        try await withServer { limits in
            limits.firstFrame = .seconds(2)
            limits.frame = .seconds(2)
        } _: { server in
            var slow: [RawConnection] = []
            for _ in 0..<300 { slow.append(try await server.connect()) }
            let caller = try await server.connect()
            for round in 0..<5 {
                for connection in slow { connection.push([0]) }
                #expect(await caller.call(.to(Self.health, id: UInt64(round + 1)))?.status == nil)
            }
            for connection in slow { _ = await connection.untilClosed() }
            #expect(await caller.call(.to(Self.health, id: 99))?.status == nil)
        }
    }

    @Test func `a client that does not read its answers is cut off, and its place is free`() async throws {
        try await withServer { limits in
            limits.connections = 1
            limits.callsInFlight = 5000
            limits.pendingAnswers = 64 * 1024
            limits.slowReader = .milliseconds(300)
        } _: { server in
            let token = try await server.world.makeCaller(["server.read"]).token
            let deaf = try await server.connect(isReading: false)
            // More bytes of answers than the buffers of two sockets hold.
            for id in UInt64(1)...5000 {
                deaf.push(
                    Frame.call(.to("gatehouse.v1.ServerService/ListMethods", id: id, token: token)).encodedWithLength()
                )
            }
            var isServed = false
            while !isServed {
                isServed = await (try server.connect()).call(.to(Self.health)) != nil
            }
            try? await deaf.startReading()
            #expect(await deaf.untilClosed().count < 5000)
        }
    }
}
