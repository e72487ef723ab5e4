import MariaDB
import Testing

@testable import Identity

@Suite(.serialized) struct UserListTests {
    private func list(
        _ world: CoreWorld,
        _ filter: String,
        sort: String = "",
        _ scopes: [String] = ["users.read", "profiles.read"]
    ) async throws -> Page<User> {
        try await world.core.users.list(PageRequest(), UserListQuery(filter: filter, sort: sort), world.caller(scopes))
    }

    private static let unserved: [(filter: String, path: String)] = [
        ("name ne \"x\"", "name"), ("not (name eq \"x\")", "name"), ("name co \"x\"", "name"),
        ("name ew \"x\"", "name"),
        ("name sw \"x\" or age eq null", "age"), ("shoe eq 1", "shoe"), ("desks[floor eq 1 and floor gt 0]", "desks"),
        ("id pr", "id"), ("state pr", "state"), ("state sw \"a\"", "state"), ("id gt \"x\"", "id"),
        ("id ge \"00000000-0000-7000-8000-000000000000\"", "id"), ("vip gt true", "vip"), ("desks pr", "desks"),
    ]

    @Test func `what no index serves is refused by the attribute's name`() async throws {
        try await withCore { world in
            try await SearchPerson.prepare(world)
            for (filter, path) in Self.unserved {
                do {
                    _ = try await list(world, filter)
                    Issue.record("\(filter) was served")
                } catch let refusal as FlowError {
                    #expect(refusal.message.contains("`\(path)"), "\(refusal)")
                    #expect([.filterUnserved, .filterInvalid].contains(refusal.reason), "\(filter)")
                    #expect(refusal.fields.first?.hasPrefix("filter ") == true)
                }
            }
        }
    }

    private static let hostile = [
        "name", "name eq", "name eq 1", "age eq \"1\"", "age eq 1.5", "age eq 9223372036854775808", "score eq 1e3",
        "born eq \"2026-02-30\"", "vip eq 1", "name gt null", "name sw \"\"", "age sw \"1\"", "state eq \"gone\"",
        "state eq 1", "create_time gt \"yesterday\"", "id eq \"x\"", "phone eq \"0660\"", "name eq \"a\u{0}\"",
        "'; DROP TABLE users; --", "name eq \"x\" UNION SELECT 1", "name eq \"\\ud800\"", "a.b.c.d.e pr",
        "desks.floor.x.y[z pr]", "name sw \"\(String(repeating: "x", count: 1001))\"",
        String(repeating: "(", count: 3000),
    ]

    @Test func `a hostile filter is refused and nothing is found`() async throws {
        try await withCore { world in
            try await SearchPerson.prepare(world)
            for filter in Self.hostile {
                do {
                    _ = try await list(world, filter)
                    Issue.record("\(filter.prefix(60)) was served")
                } catch let refusal as FlowError {
                    #expect([.filterInvalid, .attributeUnknown].contains(refusal.reason), "\(refusal)")
                    #expect(refusal.message.utf8.count < 400)
                }
            }
        }
    }

    @Test func `characters that mean something elsewhere are only themselves`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.set(#"{"name":"plain"}"#, of: user)
            for text in ["%", "_", "a%", "\\\\", "' OR 1=1 --", "\\\" OR name pr", "x\u{301}", "\\u0000"] {
                #expect(try await list(world, "name pr and name co \"\(text)\"").items.isEmpty, "\(text)")
                #expect(try await list(world, "email sw \"\(text)\"").items.isEmpty, "\(text)")
                #expect(try await list(world, "name pr and not (name co \"\(text)\")").items.count == 1, "\(text)")
            }
        }
    }

    @Test func `values of profiles are searched with the right to read them, hidden ones by nobody`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.set(#"{"name":"Ada"}"#, of: user)
            #expect(try await list(world, "name eq \"ADA\"").items.map(\.id) == [user.id])
            #expect(try await list(world, "email eq \"A@example.com\"", ["users.read"]).items.map(\.id) == [user.id])
            await expectRefusal(.permissionMissing) { try await list(world, "name eq \"ada\"", ["users.read"]) }
            await expectRefusal(.permissionMissing) { try await list(world, "", sort: "name", ["users.read"]) }
            await expectRefusal(.permissionMissing) { try await list(world, "email pr", ["profiles.read"]) }
            try await world.put(
                try attribute("name", .string) {
                    $0.isQueryable = true
                    ($0.readers, $0.writers) = (.hidden, .hidden)
                }
            )
            await expectRefusal(.attributeUnknown) { try await list(world, "name eq \"ada\"") }
            await expectRefusal(.attributeUnknown) { try await list(world, "", sort: "name") }
            await expectRefusal(.attributeUnknown) { try await list(world, "nobody eq \"ada\"") }
        }
    }

    @Test func `a token is of one filter, one sort, one state and one caller`() async throws {
        try await withCore { world in
            for number in 0..<4 { _ = try await world.makeUser("a\(number)@example.com") }
            let caller = world.caller(["users.read"])
            let users = world.core.users
            let query = UserListQuery(filter: "email sw \"a\"", sort: "email")
            let token = try #require(try await users.list(PageRequest(size: 2), query, caller).nextPageToken)
            let next = PageRequest(size: 2, token: token)
            #expect(try await users.list(next, query, caller).items.count == 2)
            let others = [
                UserListQuery(filter: "email sw \"a1\"", sort: "email"), UserListQuery(filter: "email sw \"a\""),
                UserListQuery(filter: "email sw \"a\"", sort: "email desc"), UserListQuery(sort: "email"),
                UserListQuery(state: .active, filter: "email sw \"a\"", sort: "email"), UserListQuery(),
            ]
            for other in others {
                await expectRefusal(.pageTokenInvalid) { try await users.list(next, other, caller) }
            }
            await expectRefusal(.pageTokenInvalid) {
                try await users.list(next, query, world.caller(["users.read"]))
            }
            let plain = try #require(try await users.list(PageRequest(size: 2), UserListQuery(), caller).nextPageToken)
            for hostile in [plain, token + "A", String(token.dropLast()), "x", String(repeating: "A", count: 3000)] {
                await expectRefusal(.pageTokenInvalid) {
                    try await users.list(PageRequest(size: 2, token: hostile), query, caller)
                }
            }
        }
    }

    @Test func `positions are read back, and no bytes trap`() {
        let id = UserID(exactly: [UInt8](0..<16))
        let moment = Timestamp(microsecondsSinceEpoch: -1_234_567)
        for key in [nil, .bytes([]), .bytes([0, 255, 7]), .moment(moment)] as [SearchKey?] {
            let position = SearchPosition(phase: 3, place: .init(key: key, id: id))
            #expect(SearchPosition(bytes: position.bytes) == position)
        }
        #expect(SearchPosition(bytes: [9]) == SearchPosition(phase: 9))
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<40, using: &random)
            _ = SearchPosition(bytes: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
    }

    @Test func `an attribute is searched when its index is whole`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.put(try attribute("age", .integer))
            try await world.set(#"{"age":41}"#, of: user)
            await expectRefusal(.filterUnserved) { try await list(world, "age eq 41") }
            try await world.put(try attribute("age", .integer) { $0.isQueryable = true })
            await expectRefusal(.filterUnserved) { try await list(world, "age eq 41") }
            await expectRefusal(.filterUnserved) { try await list(world, "", sort: "age") }
            try await ProfileUpkeep(parts: world.parts).run()
            #expect(try await list(world, "age eq 41").items.map(\.id) == [user.id])
        }
    }

    @Test func `a sort needs an index that the filter leaves`() async throws {
        try await withCore { world in
            for sort in ["id", "state"] { await expectRefusal(.sortUnserved) { try await list(world, "", sort: sort) } }
            for sort in ["name up", "name  desc", " name", "name desc desc", "1", "name; DROP TABLE users"] {
                await expectRefusal(.filterInvalid) { try await list(world, "", sort: sort) }
            }
            await expectRefusal(.sortUnserved) { try await list(world, "email sw \"a\"", sort: "name") }
            _ = try await list(world, "email sw \"a\" and name pr", sort: "name desc")
        }
    }

    @Test func `a page looks at a bounded number of users, and leads on`() async throws {
        try await withCore { world in
            try await PlanFilling.fill(world)
            let caller = world.caller(["users.read", "profiles.read"])
            let query = UserListQuery(filter: "email pr and external_id eq \"old-2900\"", sort: "email")
            var request = PageRequest(size: 10)
            var (pages, found) = (0, 0)
            repeat {
                let page = try await world.core.users.list(request, query, caller)
                (pages, found) = (pages + 1, found + page.items.count)
                request.token = page.nextPageToken ?? ""
            } while !request.token.isEmpty && pages < 10
            #expect((3...4).contains(pages))
            #expect(found == 1)
        }
    }
}
