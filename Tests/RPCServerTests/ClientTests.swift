import Cryptography
import Identity
import MariaDB
import RPCClient
import RPCServer
import Testing
import Wire

@Suite(.timeLimit(.minutes(10)))
struct ClientTests {
    private static let list = "gatehouse.v1.UserService/ListUsers"

    @Test func `a thousand calls at once go over one connection`() async throws {
        try await withServer {
            $0.connections = 1
        } _: { server in
            let user = try await server.world.makeUser()
            let caller = try server.client(try await server.world.makeCaller(["users.read"]).token)
            defer { caller.close() }
            let users = UserServiceClient(caller)
            let request = GetUserRequest(userID: user.id.description)
            try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<1000 { group.addTask { try await users.getUser(request).user?.id } }
                var count = 0
                for try await id in group {
                    #expect(id == user.id.description)
                    count += 1
                }
                #expect(count == 1000)
            }
        }
    }

    @Test func `details of a refusal come out typed`() async throws {
        try await withServer { server in
            let user = try await server.world.makeUser("taken@example.com")
            let caller = try server.client(try await server.world.makeCaller(["*"]).token)
            defer { caller.close() }
            let users = UserServiceClient(caller)
            let conflict = await expectError(.aborted) {
                _ = try await users.disableUser(DisableUserRequest(userID: user.id.description, expectedRevision: 9))
            }
            #expect(conflict?.currentRevision == user.revision)
            await expectError("users.identifier_taken") {
                let taken = Wire.NewIdentifier(kind: .email, value: "Taken@Example.com")
                _ = try await users.createUser(CreateUserRequest(identifiers: [taken]))
            }
            let field = await expectError(.invalidArgument) { _ = try await users.getUser(GetUserRequest(userID: "x")) }
            #expect(field?.fieldViolations.map(\.field) == ["user_id"])
            #expect(field?.requestID.isEmpty == false)
        }
    }

    @Test func `a method can be called by name and bytes`() async throws {
        try await withServer { server in
            let client = try server.client(try await server.world.makeCaller(["users.write"]).token)
            defer { client.close() }
            let request = CreateUserRequest(externalID: "x").encoded()
            let create = "gatehouse.v1.UserService/CreateUser"
            let first = try await client.call(method: create, request: request, idempotencyKey: "k")
            #expect(try await client.call(method: create, request: request, idempotencyKey: "k") == first)
            await expectError(.unimplemented) { _ = try await client.call(method: "gatehouse.v1.No/Such", request: []) }
        }
    }

    @Test func `a client connects again when its server has come back, and does not repeat what is unsafe`()
        async throws
    {
        let world = try await RPCWorld(lanes: 2)
        guard let directory = TemporaryDirectory.make() else { throw ServerDidNotStart() }
        let path = directory + "/rpc.sock"
        let token = try await world.makeCaller(["users.read", "users.write"]).token.withBytes { Array($0) }
        let client = try GatehouseClient(ClientConfiguration(endpoint: .unixSocket(path: path)) { token })
        defer { client.close() }
        await expectError(.unavailable) { _ = try await client.call(method: Self.list, request: []) }
        for _ in 0..<3 {
            try await withServer(of: world, listener: .unixSocket(path: path)) { _ in
                // The pause after failed tries is over in time for one of the attempts.
                while (try? await client.call(method: Self.list, request: [])) == nil {}
                _ = try await client.call(method: Self.list, request: [])
            }
            await expectError(.unavailable) { _ = try await client.call(method: Self.list, request: []) }
        }
    }

    @Test func `a call ends at its time limit though the server says nothing`() async throws {
        try await withServer(lanes: 1) { server in
            let caller = try server.client(try await server.world.makeCaller(["users.read"]).token)
            defer { caller.close() }
            let gate = Gate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                let database = server.world.database
                group.addTask { try await database.read(deadline: .after(.seconds(600))) { _ in gate.enterAndWait() } }
                await gate.entered()
                await expectError(.deadlineExceeded) {
                    _ = try await caller.call(method: Self.list, request: [], timeout: .milliseconds(200))
                }
                gate.open()
                try await group.waitForAll()
            }
            #expect(try await !caller.call(method: "gatehouse.v1.ServerService/CheckHealth", request: []).isEmpty)
        }
    }

    @Test func `cancelling a task cancels its call`() async throws {
        try await withServer { server in
            let caller = try server.client(try await server.world.makeCaller(["server.read"]).token)
            defer { caller.close() }
            let (items, note) = AsyncStream<Void>.makeStream()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { note.finish() }
                    let stream = try? await ServerServiceClient(caller).watchHealth(WatchHealthRequest())
                    guard let stream else { return }
                    do { for try await _ in stream { note.yield() } } catch { return }
                }
                for await _ in items.prefix(1) {}
                group.cancelAll()
            }
            let health = try await ServerServiceClient(caller).checkHealth(CheckHealthRequest())
            #expect(health.status == .serving)
        }
    }

    @Test func `a closed client makes no more calls`() async throws {
        try await withServer { server in
            let client = try server.client()
            _ = try await client.call(method: "gatehouse.v1.ServerService/CheckHealth", request: [])
            client.close()
            await expectError(.unavailable) {
                _ = try await client.call(method: "gatehouse.v1.ServerService/CheckHealth", request: [])
            }
        }
    }
}
