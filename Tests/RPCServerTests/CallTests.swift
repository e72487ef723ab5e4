import Cryptography
import Identity
import RPCClient
import RPCServer
import Testing
import Wire

@Suite(.timeLimit(.minutes(10)))
struct CallTests {
    private static let create = "gatehouse.v1.UserService/CreateUser"

    private static func user(_ externalID: String) -> [UInt8] {
        CreateUserRequest(externalID: externalID).encoded()
    }

    @Test func `a call repeated under its idempotency key has one effect and one answer`() async throws {
        try await withServer { server in
            let token = try await server.world.makeCaller(["users.write"]).token
            let connection = try await server.connect()
            func create(_ id: UInt64, _ externalID: String, _ key: String) async -> ReplyFrame? {
                await connection.call(
                    .to(Self.create, id: id, token: token, message: Self.user(externalID), [("idempotency-key", key)])
                )
            }
            let first = try #require(await create(1, "a", "key-1"))
            let second = try #require(await create(2, "a", "key-1"))
            #expect(first.status == nil)
            #expect(!first.message.isEmpty)
            #expect(first.message == second.message)
            #expect(try await server.world.userCount() == 1)
            let other = try #require(await create(3, "b", "key-1")?.status)
            #expect(other.code == 6)
            #expect(other.reason == "idempotency.key_reused")
            #expect(await create(4, "c", "has space")?.status?.reason == "idempotency.key_invalid")
            #expect(await create(5, "c", "")?.status?.reason == "idempotency.key_invalid")
            #expect(try await server.world.userCount() == 1)
        }
    }

    @Test func `metadata given twice is refused, so that nobody reads another value than we`() async throws {
        try await withServer { server in
            let token = try await server.world.makeCaller(["users.write"]).token
            let connection = try await server.connect()
            let twice = [("idempotency-key", "a"), ("idempotency-key", "b")]
            let reply = await connection.call(.to(Self.create, token: token, message: Self.user("x"), twice))
            #expect(reply?.status?.code == 3)
            #expect(try await server.world.userCount() == 0)
        }
    }

    @Test func `a stale revision is aborted with the current one`() async throws {
        try await withServer { server in
            let user = try await server.world.makeUser()
            let token = try await server.world.makeCaller(["users.write"]).token
            let connection = try await server.connect()
            let request = DisableUserRequest(userID: user.id.description, reason: "test", expectedRevision: 99)
            let call = CallFrame.to("gatehouse.v1.UserService/DisableUser", token: token, message: request.encoded())
            let status = try #require(await connection.call(call)?.status)
            #expect(status.code == 10)
            #expect(try status.details(RevisionConflict.self).map(\.currentRevision) == [user.revision])
        }
    }

    @Test func `a page token goes on where it began, for its caller and its list only`() async throws {
        try await withServer { server in
            for _ in 0..<3 { _ = try await server.world.makeUser() }
            let token = try await server.world.makeCaller(["users.read"]).token
            let stranger = try await server.world.makeCaller(["users.read"]).token
            let connection = try await server.connect()
            var id: UInt64 = 0
            func list(_ token: SecretBytes, _ request: ListUsersRequest) async throws -> ReplyFrame {
                id += 1
                let call = CallFrame.to(
                    "gatehouse.v1.UserService/ListUsers",
                    id: id,
                    token: token,
                    message: request.encoded()
                )
                return try #require(await connection.call(call))
            }
            let first = try ListUsersResponse.decode(
                try await list(token, ListUsersRequest(pageSize: 2)).message,
                limits: .reply
            )
            #expect(first.users.count == 2)
            let rest = ListUsersRequest(pageSize: 2, pageToken: first.nextPageToken)
            let second = try ListUsersResponse.decode(try await list(token, rest).message, limits: .reply)
            #expect(second.users.count == 1)
            #expect(second.nextPageToken.isEmpty)
            var altered = rest
            altered.pageToken = String(altered.pageToken.dropLast()) + (altered.pageToken.hasSuffix("A") ? "B" : "A")
            var filtered = rest
            filtered.state = .disabled
            for (token, request) in [(token, altered), (stranger, rest), (token, filtered)] {
                let status = try #require(try await list(token, request).status)
                #expect(status.code == 3)
                #expect(try status.details(FieldViolation.self).map(\.field) == ["page_token"])
            }
            #expect(try await list(token, ListUsersRequest(pageSize: 1001)).status?.reason == "page.size_invalid")
        }
    }

    @Test(
        arguments: [
            ([0x0A, 0x05, 0x61], "user_id"), ([0xFF, 0xFF, 0xFF], nil), ([0x0B], "user_id"),
            ([0x0A, 0x02, 0xC3, 0x28], "user_id"), ([0x0A, 0x03, 0x61, 0x00, 0x62], "user_id"),
            ([0x0A, 0x25] + [UInt8](repeating: 0x61, count: 37), "user_id"), ([0x0A, 0x01, 0x61], "user_id"),
            ([], "user_id"),
        ] as [([UInt8], String?)]
    )
    func `a message that cannot be read is refused by its field`(message: [UInt8], field: String?) async throws {
        try await withServer { server in
            let token = try await server.world.makeCaller(["users.read"]).token
            let connection = try await server.connect()
            let call = CallFrame.to("gatehouse.v1.UserService/GetUser", token: token, message: message)
            let status = try #require(await connection.call(call)?.status)
            #expect(status.code == 3)
            #expect(try status.details(FieldViolation.self).map(\.field) == (field.map { [$0] } ?? []))
        }
    }

    @Test func `a message beyond its method's cap is refused before it is read`() async throws {
        try await withServer { server in
            let token = try await server.world.makeCaller(["users.read"]).token
            let connection = try await server.connect()
            let message = [UInt8](repeating: 0xFF, count: 257)
            let call = CallFrame.to("gatehouse.v1.UserService/GetUser", token: token, message: message)
            let status = try #require(await connection.call(call)?.status)
            #expect(status.code == 3)
            #expect(status.message == "the request is too large")
        }
    }

    @Test func `a request id of the caller is kept when it is plain, and made when it is not`() async throws {
        try await withServer { server in
            let connection = try await server.connect()
            let get = "gatehouse.v1.UserService/GetUser"
            let kept = await connection.call(.to(get, [("x-request-id", "abc-123")]))
            #expect(kept?.status?.requestID == "abc-123")
            #expect(server.world.log.text.contains("abc-123"))
            for (id, bad) in zip(UInt64(2)..., ["with space", "", String(repeating: "x", count: 65), "a\nb", "é"]) {
                let made = try #require(
                    await connection.call(.to(get, id: id, [("x-request-id", bad)]))?.status?.requestID
                )
                #expect(made != bad)
                #expect(made.utf8.count == 16)
            }
            #expect(!server.world.log.text.contains("with space"))
        }
    }

    @Test func `a trace goes to the log when it is one`() async throws {
        try await withServer { server in
            let connection = try await server.connect()
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            _ = await connection.call(.to("gatehouse.v1.UserService/GetUser", [("traceparent", trace)]))
            _ = await connection.call(.to("gatehouse.v1.UserService/GetUser", id: 2, [("traceparent", "00-evil")]))
            #expect(server.world.log.text.contains(trace))
            #expect(!server.world.log.text.contains("evil"))
        }
    }

    @Test func `no secret of a failed call is logged`() async throws {
        try await withServer { server in
            let secret = "ght_" + String(repeating: "Z", count: 49)
            let connection = try await server.connect()
            let get = "gatehouse.v1.UserService/GetUser"
            _ = await connection.call(
                .to(get, token: SecretBytes(utf8: secret), session: SecretBytes(utf8: "ghs_session"))
            )
            #expect(server.world.log.text.contains("A call failed"))
            #expect(!server.world.log.text.contains("ZZZZ"))
            #expect(!server.world.log.text.contains("ghs_session"))
        }
    }

    @Test func `the interface describes itself`() async throws {
        try await withServer { server in
            let token = try await server.world.makeCaller(["server.read"]).token
            let caller = try server.client(token)
            defer { caller.close() }
            let client = ServerServiceClient(caller)
            #expect(try await client.getVersion(GetVersionRequest()).version == "1.2.3")
            let methods = try await client.listMethods(ListMethodsRequest()).methods
            #expect(Set(methods.map(\.name)) == Set(MethodTable.all.map(\.fullName)))
        }
    }

    @Test func `a sign-in step is refused with one reason, and its caller's address is not the person's`() async throws
    {
        try await withServer { server in
            let token = try await server.world.makeCaller(["sign_in"]).token
            let caller = try server.client(token)
            defer { caller.close() }
            let client = SignInServiceClient(caller)
            let person = SignInClient(sourceAddress: "192.0.2.7", userAgent: "test", languages: "en")
            let begun = try await client.beginSignIn(BeginSignInRequest(client: person, identifier: "a@example.com"))
            #expect(!(begun.flow?.nextSteps.isEmpty ?? true))
            await expectError("sign_in.refused") {
                let code = SecretBytes(utf8: "AAAA-AAAA")
                _ = try await client.submitSignInCode(SubmitSignInCodeRequest(flowToken: begun.flowToken, code: code))
            }
            await expectError("field.invalid") {
                let nowhere = SignInClient(sourceAddress: "somewhere")
                _ = try await client.beginSignIn(BeginSignInRequest(client: nowhere))
            }
        }
    }
}
