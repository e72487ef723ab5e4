import RPCServer
import Testing
import Wire

@Suite(.timeLimit(.minutes(10)))
struct FrameTests {
    private static let health = "gatehouse.v1.ServerService/CheckHealth"

    private func goAwayReason(_ frames: [Frame]) -> String? {
        for case .goAway(let goAway) in frames { return goAway.reason }
        return nil
    }

    @Test(
        arguments: [[0, 0, 0, 0], [255, 255, 255, 255], [128, 0, 0, 0], [127, 255, 255, 255], [0, 1, 0, 1]] as [[UInt8]]
    )
    func `a length of zero or beyond the cap closes before a body is read`(length: [UInt8]) async throws {
        try await withServer { server in
            let connection = try await server.connect()
            await connection.write(length)
            #expect(goAwayReason(await connection.untilClosed()) == "a frame could not be read")
        }
    }

    @Test(arguments: [[0xFF, 0xFF], [0x0A, 0x7F], [0x0B, 0x0C], [0x42, 5, 97, 98], []] as [[UInt8]])
    func `bytes that are no frame close the connection`(body: [UInt8]) async throws {
        try await withServer { server in
            let connection = try await server.connect()
            await connection.write([0, 0, 0, UInt8(body.count)] + body)
            #expect(goAwayReason(await connection.untilClosed()) == "a frame could not be read")
            let other = try await server.connect()
            #expect(await other.call(.to(Self.health))?.status == nil)
        }
    }

    @Test func `bytes that trickle after a great length hold no memory and are cut off in time`() async throws {
        try await withServer {
            $0.frame = .milliseconds(300)
        } _: { server in
            let connection = try await server.connect()
            #expect(await connection.call(.to(Self.health))?.status == nil)
            await connection.write([0, 0, 255, 255])
            for _ in 0..<20 {
                await connection.write([0x0A])
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(goAwayReason(await connection.untilClosed()) == "a frame took too long")
        }
    }

    @Test func `call id zero is misuse`() async throws {
        try await withServer { server in
            let connection = try await server.connect()
            await connection.send(.call(.to(Self.health, id: 0)))
            #expect(goAwayReason(await connection.untilClosed()) == "a call id is zero or in use")
        }
    }

    @Test func `a call id that is in use is misuse`() async throws {
        try await withServer { server in
            let token = try await server.world.makeCaller(["server.read"]).token
            let connection = try await server.connect()
            let watch = CallFrame.to("gatehouse.v1.ServerService/WatchHealth", id: 7, token: token)
            await connection.send(.call(watch))
            guard case .item = await connection.next() else {
                Issue.record("no first item")
                return
            }
            await connection.send(.call(watch))
            #expect(goAwayReason(await connection.untilClosed()) == "a call id is zero or in use")
        }
    }

    @Test(arguments: [
        Frame.item(ItemFrame(callID: 1, message: [1])), .end(EndFrame(callID: 1)), .reply(ReplyFrame(callID: 1)),
        .goAway(GoAwayFrame(lastCallID: 0, reason: "")), .pong(PongFrame(opaque: [1])),
    ])
    func `frames that no client sends are misuse`(frame: Frame) async throws {
        try await withServer { server in
            let connection = try await server.connect()
            await connection.send(frame)
            #expect(goAwayReason(await connection.untilClosed()) != nil)
        }
    }

    @Test func `more metadata than a call may have closes the connection`() async throws {
        try await withServer { server in
            let connection = try await server.connect()
            #expect(await connection.call(.to(Self.health, (0..<32).map { ("key-\($0)", "value") }))?.status == nil)
            await connection.send(.call(.to(Self.health, id: 2, (0..<33).map { ("key-\($0)", "value") })))
            #expect(goAwayReason(await connection.untilClosed()) == "a frame could not be read")
        }
    }

    @Test func `a frame beyond 64 KiB is taken after an authenticated call only`() async throws {
        try await withServer { server in
            let token = try await server.world.makeCaller(["users.read"]).token
            let big = [UInt8](repeating: 1, count: 70_000)
            let stranger = try await server.connect()
            await stranger.send(.call(.to("gatehouse.v1.UserService/GetUser", message: big)))
            #expect(goAwayReason(await stranger.untilClosed()) != nil)
            let caller = try await server.connect()
            _ = await caller.call(.to("gatehouse.v1.UserService/ListUsers", token: token))
            let reply = await caller.call(.to("gatehouse.v1.UserService/GetUser", id: 2, token: token, message: big))
            #expect(reply?.status?.code == 3)
        }
    }

    @Test func `pings are answered until there are too many`() async throws {
        try await withServer { server in
            let connection = try await server.connect()
            await connection.send(.ping(PingFrame(opaque: [1, 2, 3])))
            guard case .pong(let pong) = await connection.next() else {
                Issue.record("no pong")
                return
            }
            #expect(pong.opaque == [1, 2, 3])
            for _ in 0..<40 { connection.push(Frame.ping(PingFrame(opaque: [4])).encodedWithLength()) }
            let rest = await connection.untilClosed()
            #expect(rest.count <= 20)
            #expect(goAwayReason(rest) == "too many pings")
        }
    }

    @Test func `calls that come in one write are all answered, each once`() async throws {
        try await withServer { server in
            let connection = try await server.connect()
            let ids = 1...UInt64(200)
            await connection.write(ids.flatMap { Frame.call(.to(Self.health, id: $0)).encodedWithLength() })
            var answered: [UInt64] = []
            while answered.count < 200, let reply = await connection.reply() { answered.append(reply.callID) }
            #expect(answered.sorted() == Array(ids))
        }
    }

    @Test func `a frame that comes byte by byte is read`() async throws {
        try await withServer { server in
            let connection = try await server.connect()
            for byte in Frame.call(.to(Self.health)).encodedWithLength() { await connection.write([byte]) }
            #expect(await connection.reply()?.status == nil)
        }
    }
}
