import Cryptography
import Dispatch
import Identity
import MariaDB
import RPCServer
import Testing
import Wire

/// How calls end that are not simply answered: deadlines, cancellation, the end of the server.
@Suite(.timeLimit(.minutes(10)))
struct EndTests {
    private static let health = "gatehouse.v1.ServerService/CheckHealth"
    private static let watch = "gatehouse.v1.ServerService/WatchHealth"
    private static let list = "gatehouse.v1.UserService/ListUsers"

    /// Holds the only lane of a database while `body` runs.
    private func holdingTheLane<R>(of world: RPCWorld, _ body: (Gate) async throws -> R) async throws -> R {
        let gate = Gate()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await world.database.read(deadline: .after(.seconds(600))) { _ in gate.enterAndWait() }
            }
            await gate.entered()
            defer { gate.open() }
            return try await body(gate)
        }
    }

    @Test func `a call that waits for the database ends at its deadline`() async throws {
        try await withServer(lanes: 1) { server in
            let token = try await server.world.makeCaller(["users.read"]).token
            let connection = try await server.connect()
            try await holdingTheLane(of: server.world) { _ in
                let status = await connection.call(.to(Self.list, token: token, timeout: 200))?.status
                #expect(status?.code == 4)
            }
        }
    }

    @Test func `cancelling reaches a call that waits, and the next one is served`() async throws {
        try await withServer(lanes: 1) { server in
            let token = try await server.world.makeCaller(["users.read"]).token
            let connection = try await server.connect()
            try await holdingTheLane(of: server.world) { gate in
                await connection.send(.call(.to(Self.list, id: 5, token: token)))
                // Answered after the call above was begun: frames are taken in order.
                await connection.send(.ping(PingFrame(opaque: [1])))
                _ = await connection.next()
                await connection.send(.cancel(CancelFrame(callID: 5)))
                let reply = await connection.reply()
                #expect(reply?.callID == 5)
                #expect(reply?.status?.code == 1)
                // A call that was answered, and one that never was, can be cancelled too.
                await connection.send(.cancel(CancelFrame(callID: 5)))
                await connection.send(.cancel(CancelFrame(callID: 77)))
                gate.open()
                #expect(await connection.call(.to(Self.list, id: 6, token: token))?.status == nil)
            }
        }
    }

    @Test func `a call cancelled in the very write that began it is answered once`() async throws {
        try await withServer { server in
            let token = try await server.world.makeCaller(["server.read"]).token
            let connection = try await server.connect()
            for id in UInt64(1)...50 {
                let call = Frame.call(.to(Self.watch, id: id, token: token)).encodedWithLength()
                await connection.write(call + Frame.cancel(CancelFrame(callID: id)).encodedWithLength())
                let reply = await connection.reply()
                #expect(reply?.callID == id)
                #expect(reply?.status?.code == 1)
            }
        }
    }

    @Test func `a call of a client that has gone is cancelled`() async throws {
        try await withServer(lanes: 1) { server in
            let token = try await server.world.makeCaller(["users.write"]).token
            try await holdingTheLane(of: server.world) { gate in
                let connection = try await server.connect()
                let message = CreateUserRequest(externalID: "x").encoded()
                await connection.send(.call(.to("gatehouse.v1.UserService/CreateUser", token: token, message: message)))
                let database = server.world.database
                while database.queueDepth == 0 { try await Task.sleep(for: .milliseconds(5)) }
                let waiting = database.queueDepth
                connection.close()
                // The lane is held: what leaves the queue was cancelled.
                while database.queueDepth >= waiting { try await Task.sleep(for: .milliseconds(5)) }
                gate.open()
            }
            #expect(try await server.world.userCount() == 0)
        }
    }

    @Test func `a stopping server answers what is in flight, refuses what comes, and closes`() async throws {
        try await withServer(lanes: 1) { server in
            let token = try await server.world.makeCaller(["users.read"]).token
            let connection = try await server.connect()
            try await holdingTheLane(of: server.world) { gate in
                for id in UInt64(1)...20 { await connection.send(.call(.to(Self.list, id: id, token: token))) }
                await connection.send(.ping(PingFrame(opaque: [1])))
                _ = await connection.next()
                await server.stop()
                guard case .goAway(let goAway) = await connection.next() else {
                    Issue.record("no GoAway")
                    return
                }
                #expect(goAway.lastCallID == 20)
                let late = await connection.call(.to(Self.health, id: 21))
                #expect(late?.callID == 21)
                #expect(late?.status?.code == 14)
                gate.open()
                var answered: [UInt64] = []
                while let reply = await connection.reply() {
                    #expect(reply.status == nil)
                    answered.append(reply.callID)
                }
                #expect(answered.sorted() == Array(1...20))
            }
            await #expect(throws: (any Error).self) { try await server.connect() }
        }
    }

    @Test func `a stopping server waits no longer than it is told to`() async throws {
        try await withServer(lanes: 1) {
            $0.drain = .milliseconds(300)
        } _: { server in
            let token = try await server.world.makeCaller(["users.read"]).token
            let connection = try await server.connect()
            try await holdingTheLane(of: server.world) { _ in
                await connection.send(.call(.to(Self.list, token: token, timeout: 60_000)))
                await connection.send(.ping(PingFrame(opaque: [1])))
                _ = await connection.next()
                await server.stop()
                let frames = await connection.untilClosed()
                #expect(frames.count <= 2)
            }
        }
    }

    @Test func `a watcher learns that the server stops and does not hold it up`() async throws {
        // Beside hundreds of other tests its last words may take longer than the usual five seconds.
        try await withServer {
            $0.drain = .seconds(60)
        } _: { server in
            let token = try await server.world.makeCaller(["server.read"]).token
            let connection = try await server.connect()
            await connection.send(.call(.to(Self.watch, token: token, timeout: 60_000)))
            guard case .item(let first) = await connection.next() else {
                Issue.record("no first item")
                return
            }
            #expect(try WatchHealthResponse.decode(first.message, limits: .reply).status == .serving)
            await server.stop()
            var statuses: [ServingStatus] = []
            var hasEnded = false
            for frame in await connection.untilClosed() {
                if case .item(let item) = frame {
                    statuses.append(try WatchHealthResponse.decode(item.message, limits: .reply).status)
                }
                if case .end(let end) = frame { hasEnded = end.status == nil }
            }
            #expect(statuses == [.notServing])
            #expect(hasEnded)
        }
    }
}

/// Lets a thread in, and keeps it until it is opened.
final class Gate: Sendable {
    private let opened = DispatchSemaphore(value: 0)
    private let arrivals: AsyncStream<Void>
    private let arrive: AsyncStream<Void>.Continuation

    init() {
        (arrivals, arrive) = AsyncStream.makeStream()
    }

    /// On a thread that may block.
    func enterAndWait() {
        arrive.finish()
        opened.wait()
    }

    func entered() async {
        for await _ in arrivals {}
    }

    func open() {
        opened.signal()
    }
}
