import JSON
import Testing

@testable import Identity

@Suite struct ProfileUpkeepTests {
    private func fill(_ world: CoreWorld, count: Int) async throws -> [User] {
        var users: [User] = []
        for number in 0..<count {
            let user = try await world.makeUser("u\(number)@example.com")
            try await world.set(#"{"town":"Town \#(number % 7)","badge":"B\#(number / 2)"}"#, of: user)
            users.append(user)
        }
        return users
    }

    private func upkeep(_ world: CoreWorld) async throws {
        try await ProfileUpkeep(parts: world.parts).run()
    }

    /// Comes back when the server says that it is busy, as a caller does.
    private func patiently(_ call: () async throws -> Void) async throws {
        for _ in 0..<20 {
            do { return try await call() } catch let refusal as FlowError where refusal.reason == .overloaded {}
        }
        try await call()
    }

    @Test func `what becomes queryable is indexed after the fact, in batches, and says so`() async throws {
        try await withCore { world in
            try await world.put(try attribute("town", .string), try attribute("badge", .string))
            _ = try await fill(world, count: 210)
            #expect(try await world.number("SELECT COUNT(*) FROM profile_index") == 0)
            let state = try await world.put(try attribute("town", .string) { $0.isQueryable = true })
            #expect(state.filling.map(\.description) == ["town"])
            try await upkeep(world)
            #expect(try await world.core.profileSchema.get(world.system).filling == [])
            #expect(try await world.number("SELECT COUNT(*) FROM profile_index") == 210)
            try await world.put(try attribute("town", .string))
            try await upkeep(world)
            #expect(try await world.number("SELECT COUNT(*) FROM profile_index") == 0)
        }
    }

    @Test func `what becomes unique is claimed by the first of those who have it`() async throws {
        try await withCore { world in
            try await world.put(try attribute("town", .string), try attribute("badge", .string))
            let users = try await fill(world, count: 10)
            try await world.put(try attribute("badge", .string) { $0.isUnique = true })
            try await upkeep(world)
            #expect(try await world.number("SELECT COUNT(*) FROM profile_unique_values") == 5)
            let first = try await world.find("badge", #""b2""#)
            let other = try #require(users[4...5].first { $0.id != first.id })
            #expect(users[4...5].contains { $0.id == first.id })
            // The other one keeps the value, and must choose another when it is written.
            #expect(try await world.core.profiles.get(other.id, world.system).text.contains("B2"))
            await expectRefusal(.attributeTaken) { try await world.set(#"{"badge":"b2"}"#, of: other) }
            try await world.set(#"{"badge":"mine"}"#, of: other)
        }
    }

    @Test func `values of what is removed are gone, and its path waits for that`() async throws {
        try await withCore { world in
            try await world.put(
                try attribute("town", .string) { $0.isQueryable = true },
                try attribute("badge", .string),
                try attribute("desk", .complex) { $0.isMulti = true },
                try attribute("desk.floor", .integer) { $0.isQueryable = true },
                try attribute("desk.lamp", .string)
            )
            let users = try await fill(world, count: 5)
            try await world.set(#"{"desk":[{"floor":1,"lamp":"x"},{"floor":2}]}"#, of: users[0])
            #expect(try await world.number("SELECT COUNT(*) FROM profile_index") == 7)
            try await world.change(.init(remove: [try path("town"), try path("desk.floor")]))
            await expectRefusal(.attributeBusy) { try await world.put(try attribute("town", .integer)) }
            try await upkeep(world)
            #expect(try await world.number("SELECT COUNT(*) FROM profile_index") == 0)
            #expect(try await world.number("SELECT COUNT(*) FROM profiles WHERE document LIKE '%Town%'") == 0)
            #expect(
                try await world.core.profiles.get(users[0].id, world.system).text
                    == #"{"badge":"B0","desk":[{"lamp":"x"}]}"#
            )
            try await world.put(try attribute("town", .integer))
            try await world.set(#"{"town":7}"#, of: users[0])
        }
    }

    @Test func `writers beside the upkeep lose nothing and leave no stale row`() async throws {
        try await withCore(lanes: 8) { world in
            try await world.put(try attribute("town", .string), try attribute("badge", .string))
            let users = try await fill(world, count: 60)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for user in users {
                    group.addTask {
                        for round in 0..<3 {
                            try await patiently { try await world.set(#"{"town":"Moved \#(round)"}"#, of: user) }
                        }
                    }
                }
                group.addTask {
                    let queryable = try attribute("town", .string) { $0.isQueryable = true }
                    try await patiently { try await world.put(queryable) }
                    try await patiently { try await upkeep(world) }
                }
                try await group.waitForAll()
            }
            try await upkeep(world)
            let stale = """
                SELECT COUNT(*) FROM profile_index i JOIN profiles p USING (user_id)
                WHERE CONVERT(i.sort_key USING utf8mb4) <> LOWER(JSON_VALUE(p.document, '$.town'))
                """
            #expect(try await world.number(stale) == 0)
            #expect(try await world.number("SELECT COUNT(*) FROM profile_index") == 60)
        }
    }
}
