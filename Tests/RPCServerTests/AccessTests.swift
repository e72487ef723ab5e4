import Cryptography
import Identity
import RPCServer
import Testing
import Wire

/// SECURITY RPC-04 and RPC-06: rights of every method, by walking the method table.
@Suite(.timeLimit(.minutes(10)))
struct AccessTests {
    private enum Code {
        static let invalidArgument: UInt32 = 3
        static let permissionDenied: UInt32 = 7
        static let unimplemented: UInt32 = 12
        static let unauthenticated: UInt32 = 16
    }

    private static let wrongToken = SecretBytes(utf8: "ght_" + String(repeating: "A", count: 49))

    @Test func `every method answers each kind of caller as it declares`() async throws {
        try await withServer { server in
            let world = server.world
            let user = try await world.makeUser()
            let session = try await world.makeSession(of: user.id).token
            let nobody = try await world.makeCaller([]).token
            let all = try await world.makeCaller(["*"]).token
            let connection = try await server.connect()
            #expect(MethodTable.all.count > 20)
            var id: UInt64 = 0
            func code(
                _ method: MethodDescriptor,
                _ token: SecretBytes?,
                _ session: SecretBytes? = nil,
                timeout: UInt32 = 60_000
            ) async -> UInt32? {
                id += 1
                let call = CallFrame.to(method.fullName, id: id, token: token, session: session, timeout: timeout)
                let reply = await connection.call(call)
                #expect(reply?.callID == id)
                return reply?.status?.code
            }
            for method in MethodTable.all where method.permission != "public" {
                #expect(await code(method, nil) == Code.unauthenticated, "\(method.fullName) without credentials")
                #expect(await code(method, Self.wrongToken) == Code.unauthenticated, "\(method.fullName), wrong token")
                #expect(await code(method, nobody) == Code.permissionDenied, "\(method.fullName) without the scope")
                let asUser = await code(method, nobody, session)
                let isOpenToUsers = method.userAccess == .own
                #expect((asUser == Code.permissionDenied) != isOpenToUsers, "\(method.fullName) for a user")
                #expect(asUser != Code.unauthenticated)
                // A watcher would stay; its deadline ends it.
                let full = await code(method, all, timeout: method.kind == .unary ? 60_000 : 400)
                // Setting up authenticators is for their owner alone, whatever scopes a service account has.
                let isForOwners = method.permission == "authenticators.own"
                let isRefused = full == Code.permissionDenied || full == Code.invalidArgument && isForOwners
                #expect(isRefused == isForOwners, "\(method.fullName) with all rights")
                #expect(full != Code.unimplemented, "\(method.fullName)")
            }
        }
    }

    @Test func `a public method needs no credentials and looks at none`() async throws {
        try await withServer { server in
            let connection = try await server.connect()
            let method = "gatehouse.v1.ServerService/CheckHealth"
            let first = try #require(await connection.call(.to(method)))
            #expect(first.status == nil)
            #expect(try CheckHealthResponse.decode(first.message, limits: .reply).status == .serving)
            #expect(await connection.call(.to(method, id: 2, token: Self.wrongToken))?.status == nil)
        }
    }

    @Test(arguments: [
        "/gatehouse.v1.UserService/GetUser", "gatehouse.v1.UserService.GetUser", "gatehouse.v1.userservice/GetUser",
        "gatehouse.v1.UserService/getuser", "gatehouse.v1.UserService/../UserService/GetUser",
        "gatehouse.v1.UserService//GetUser", "gatehouse.v1.UserService/GetUser/", "gatehouse.v1.UserService/GetUser ",
        "GetUser", "", "gatehouse.v1.UserService/Ge\u{301}tUser", "gatehouse.v1.UserService/./GetUser",
    ])
    func `a method is its exact name, and strangers learn of none`(name: String) async throws {
        try await withServer { server in
            let token = try await server.world.makeCaller(["*"]).token
            let connection = try await server.connect()
            #expect(await connection.call(.to(name))?.status?.code == Code.unauthenticated)
            #expect(await connection.call(.to(name, id: 2, token: token))?.status?.code == Code.unimplemented)
        }
    }

    @Test(arguments: ["bearer ", "Basic ", "Bearer", "Bearer  ", ""])
    func `a token under another scheme is no token`(scheme: String) async throws {
        try await withServer { server in
            let token = try await server.world.makeCaller(["*"]).token
            let text = try #require(token.validatedUTF8String())
            let connection = try await server.connect()
            let call = CallFrame.to("gatehouse.v1.UserService/ListUsers", [("authorization", scheme + text)])
            #expect(await connection.call(call)?.status?.code == Code.unauthenticated)
        }
    }

    @Test func `a revoked token is refused on an open connection from the next call on`() async throws {
        try await withServer { server in
            let world = server.world
            let (account, token) = try await world.makeCaller(["users.read"])
            let connection = try await server.connect()
            let list = "gatehouse.v1.UserService/ListUsers"
            #expect(await connection.call(.to(list, token: token))?.status == nil)
            let live = try await world.core.serviceAccounts.get(account.id, world.system)
            try await world.core.serviceAccounts.revokeToken(account.id, #require(live.tokens.first).id, world.system)
            #expect(await connection.call(.to(list, id: 2, token: token))?.status?.code == Code.unauthenticated)
        }
    }

    @Test func `a call for a user has the user's rights and never the caller's`() async throws {
        try await withServer { server in
            let world = server.world
            let (alice, bob) = (try await world.makeUser(), try await world.makeUser())
            let session = try await world.makeSession(of: alice.id).token
            let token = try await world.makeCaller(["*"]).token
            let connection = try await server.connect()
            let get = "gatehouse.v1.UserService/GetUser"
            func code(_ id: UInt64, of user: String, _ method: String = get) async -> UInt32? {
                let message = GetUserRequest(userID: user).encoded()
                let call = CallFrame.to(method, id: id, token: token, session: session, message: message)
                return await connection.call(call)?.status?.code
            }
            #expect(await code(1, of: alice.id.description) == nil)
            #expect(await code(2, of: bob.id.description) == 5)
            #expect(await code(3, of: alice.id.description, "gatehouse.v1.UserService/DisableUser") == 7)
        }
    }

    /// SECURITY SU-01: by walking the method table.
    @Test func `what asks for a fresh proof refuses a user whose last one is old`() async throws {
        try await withServer { server in
            let world = server.world
            let user = try await world.makeUser()
            let session = try await world.makeSession(of: user.id).token
            let token = try await world.makeCaller([]).token
            let connection = try await server.connect()
            let asked = MethodTable.all.filter { $0.stepUp == .fresh && $0.userAccess == .own }
            #expect(asked.count >= 3)
            let request = RevokeUserSessionsRequest(userID: user.id.description).encoded()
            try await world.ageProofs(by: .seconds(601))
            for (index, method) in asked.enumerated() {
                let id = UInt64(index + 1)
                let call = CallFrame.to(method.fullName, id: id, token: token, session: session, message: request)
                let reply = await connection.call(call)
                #expect(reply?.status?.code == 9 && reply?.status?.reason == "caller.step_up_required")
            }
            try await world.ageProofs(by: .seconds(-600))
            let revoke = "gatehouse.v1.SessionService/RevokeUserSessions"
            let call = CallFrame.to(revoke, id: 99, token: token, session: session, message: request)
            let reply = await connection.call(call)
            #expect(reply != nil && reply?.status == nil)
        }
    }

    @Test func `an ended session ends calls for its user, and a session alone is no caller`() async throws {
        try await withServer { server in
            let world = server.world
            let user = try await world.makeUser()
            let (session, sessionToken) = try await world.makeSession(of: user.id)
            let token = try await world.makeCaller([]).token
            let connection = try await server.connect()
            let message = GetUserRequest(userID: user.id.description).encoded()
            func code(_ id: UInt64, _ token: SecretBytes?) async -> UInt32? {
                let get = "gatehouse.v1.UserService/GetUser"
                let call = CallFrame.to(get, id: id, token: token, session: sessionToken, message: message)
                return await connection.call(call)?.status?.code
            }
            #expect(await code(1, token) == nil)
            #expect(await code(2, nil) == Code.unauthenticated)
            try await world.core.sessions.revoke(session.id, world.system)
            #expect(await code(3, token) == Code.unauthenticated)
        }
    }
}
