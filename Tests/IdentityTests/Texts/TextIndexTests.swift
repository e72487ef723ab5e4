import Cryptography
import MariaDB
import Testing

@testable import Identity

/// The index of parts of texts: what it holds, and that every change of a text is found at once.
@Suite(.serialized) struct TextIndexTests {
    private func find(_ filter: String, _ core: IdentityCore, _ caller: CallContext) async throws -> [UserID] {
        let page = try await core.users.list(PageRequest(size: 100), UserListQuery(filter: filter), caller)
        #expect(page.nextPageToken == nil, "\(filter)")
        return page.items.map(\.id)
    }

    private func find(_ filter: String, _ world: CoreWorld) async throws -> [UserID] {
        try await find(filter, world.core, world.caller(["users.read", "profiles.read"]))
    }

    private func pack(_ parts: CoreParts, _ clock: SteppedClock, width: Int = 4096) async throws {
        clock.advance(TextPacker.patience + .seconds(1))
        try await TextPacker(parts: parts, width: width).run()
    }

    private func pack(_ world: CoreWorld, width: Int = 4096) async throws {
        try await pack(world.parts, world.clock, width: width)
    }

    private static let unserved: [(filter: String, path: String)] = [
        ("name co \"ad\"", "name"), ("name co \"a\"", "name"), ("name ew \"a\"", "name"),
        ("email co \"x\"", "email"), ("email ew \"m\"", "email"), ("external_id co \"ol\"", "external_id"),
        ("name co \"ad\" or name co \"ada\"", "name"), ("not (name co \"ada\")", "name"),
    ]

    @Test func `a part that is too short is refused by the attribute's name, and served beside another condition`()
        async throws
    {
        try await withCore { world in
            let user = try await world.makeUser("ada@example.com")
            try await world.set(#"{"name":"Ada"}"#, of: user)
            for (filter, path) in Self.unserved {
                do {
                    _ = try await find(filter, world)
                    Issue.record("\(filter) was served")
                } catch let refusal as FlowError {
                    #expect(refusal.reason == .filterUnserved && refusal.message.contains("`\(path)`"), "\(refusal)")
                }
            }
            #expect(try await find("name co \"ad\" and name pr", world) == [user.id])
            #expect(try await find("name ew \"da\"", world) == [user.id])
        }
    }

    @Test func `letters beyond ASCII are found by few of them, in any case`() async throws {
        try await withCore { world in
            let names = ["Ödön von Horváth", "山田太郎", "STRASSE", "Łukasz"]
            var users: [UserID] = []
            for (number, name) in names.enumerated() {
                let user = try await world.makeUser("p\(number)@example.com")
                try await world.set("{\"name\":\"\(name)\"}", of: user)
                users.append(user.id)
            }
            for isPacked in [false, true] {
                if isPacked { try await pack(world) }
                #expect(try await find("name co \"DÖN\"", world) == [users[0]])
                #expect(try await find("name co \"田\"", world) == [users[1]])
                #expect(try await find("name ew \"郎\"", world) == [users[1]])
                #expect(try await find("name co \"raße\"", world) == [users[2]])
                #expect(try await find("name co \"ŁUK\"", world) == [users[3]])
            }
        }
    }

    @Test func `every way to change a text is found at once, by its new parts and not by its old ones`() async throws {
        let world = try await SignInWorld()
        let core = world.core
        func find(_ filter: String) async throws -> [UserID] {
            try await self.find(filter, core, world.administrator)
        }
        let ada = try await world.makeUser("old-address@example.com")
        try await pack(core.parts, world.clock)
        let person = world.person(try await world.signInCompletely("old-address@example.com").session)
        let old = try await world.identifier("old-address@example.com", of: ada)
        _ = try await world.add("new-address@example.com", replacing: old, person)
        #expect(try await find("email co \"new-addr\"") == [ada])
        #expect(try await find("email co \"old-addr\"") == [])
        try await pack(core.parts, world.clock)
        #expect(try await find("email co \"new-addr\"") == [ada])
        let undo = try await world.linkSecret(to: "old-address@example.com")
        try await core.identifiers.undo(undo, world.browser())
        #expect(try await find("email co \"old-addr\"") == [ada])
        #expect(try await find("email co \"new-addr\"") == [])
        _ = try await core.identifiers.setUsername("lovelace", of: ada, world.administrator)
        #expect(try await find("username co \"vela\"") == [ada])
        _ = try await core.users.update(ada, UserChanges(externalID: .some("hr-1815")), world.administrator)
        #expect(try await find("external_id co \"-181\"") == [ada])
        let second = try await world.signInCompletely("registered@example.com").session.userID
        #expect(try await find("email co \"gistered\"") == [second])
        try await pack(core.parts, world.clock)
        _ = try await core.users.merge(second, into: ada, MergeChoices(), world.administrator)
        #expect(try await find("email co \"gistered\"") == [ada])
        try await pack(core.parts, world.clock)
        #expect(try await find("email co \"gistered\"") == [ada])
        #expect(try await find("external_id co \"-181\"") == [ada])
    }

    @Test func `an attribute that becomes queryable is searched by parts when its index is whole`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.put(try attribute("motto", .string) { $0.rules.maximumLength = 200 })
            try await world.set(#"{"motto":"per aspera ad astra"}"#, of: user)
            try await pack(world)
            await expectRefusal(.filterUnserved) { try await find("motto co \"aspera\"", world) }
            try await world.put(
                try attribute("motto", .string) {
                    $0.rules.maximumLength = 200
                    $0.isQueryable = true
                }
            )
            await expectRefusal(.filterUnserved) { try await find("motto co \"aspera\"", world) }
            try await ProfileUpkeep(parts: world.parts).run()
            #expect(try await find("motto co \"aspera\"", world) == [user.id])
            try await pack(world)
            #expect(try await find("motto co \"aspera\"", world) == [user.id])
        }
    }

    @Test func `of a user who was erased nothing packed is left after the next turn`() async throws {
        try await withCore { world in
            var users: [User] = []
            for number in 0..<20 { users.append(try await world.makeUser("canary\(number)@example.com")) }
            try await pack(world, width: 8)
            let erased = users[9].id
            let hex = "UNHEX(REPLACE('\(erased)', '-', ''))"
            #expect(try await world.number("SELECT COUNT(*) FROM text_segments WHERE LOCATE(\(hex), owners) > 0") == 1)
            _ = try await world.core.users.delete(erased, immediately: true, world.system)
            #expect(try await find("email co \"canary\"", world).count == 19)
            // No time passes: it does not wait for other changes.
            try await TextPacker(parts: world.parts, width: 8).run()
            #expect(try await world.number("SELECT COUNT(*) FROM text_segments WHERE LOCATE(\(hex), owners) > 0") == 0)
            #expect(try await world.number("SELECT COUNT(*) FROM text_changes") == 0)
            #expect(try await world.number("SELECT COUNT(*) FROM text_postings WHERE gram = 'y9@'") == 0)
            #expect(try await find("email co \"canary\"", world).count == 19)
        }
    }

    @Test func `a change that is committed while its run is packed is not lost`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("first@example.com")
            world.clock.advance(TextPacker.patience + .seconds(1))
            for round in 0..<5 {
                async let packed = TextPacker(parts: world.parts).run()
                let name = "name-\(round)-of-many"
                _ = try await world.core.identifiers.setUsername(name, of: user.id, world.system)
                _ = try await packed
                #expect(try await find("username co \"-\(round)-of\"", world) == [user.id])
                world.clock.advance(TextPacker.patience + .seconds(1))
            }
        }
    }

    @Test func `a run that has too many users is divided, and users who come later are found in any of them`()
        async throws
    {
        try await withCore { world in
            for number in 0..<40 { _ = try await world.makeUser("person\(number)@example.com") }
            try await pack(world, width: 8)
            #expect(try await world.number("SELECT COUNT(*) FROM text_segments") >= 5)
            #expect(try await find("email co \"person\"", world).count == 40)
            for number in 40..<60 { _ = try await world.makeUser("person\(number)@example.com") }
            #expect(try await find("email co \"person\"", world).count == 60)
            try await pack(world, width: 8)
            #expect(try await world.number("SELECT COUNT(*) FROM text_changes") == 0)
            #expect(try await find("email co \"person\"", world).count == 60)
            #expect(try await find("email co \"person5\"", world).count == 11)
        }
    }

    @Test func `who is moved to another run because somebody came between is still found`() async throws {
        try await withCore { world in
            var users: [User] = []
            for number in 0..<24 { users.append(try await world.makeUser("person\(number)@example.com")) }
            users.sort { $0.id < $1.id }
            try await pack(world, width: 8)
            for place in [11, 12, 3] {
                let id = try #require(users[place].id.successor)
                let between = userRecord("person-between\(place)@example.com") { $0.id = id.description }
                #expect(try await world.load([between]).map(\.outcome) == [.created])
                try await pack(world, width: 8)
                #expect(try await world.number("SELECT COUNT(*) FROM text_changes") == 0)
                for user in users {
                    let address = try #require(user.identifiers.first?.value)
                    #expect(try await find("email co \"\(address)\"", world) == [user.id], "\(place)")
                }
                #expect(try await find("email co \"between\(place)\"", world) == [id])
            }
            // Halves have room for more: not each of the three made a run of its own.
            #expect(try await world.number("SELECT COUNT(*) FROM text_segments WHERE LENGTH(owners) = 16") == 0)
        }
    }

    @Test func `of a user who was erased nothing comes out of a search, though his run still has him`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("canary@example.com")
            _ = try await world.makeUser("canary-two@example.com")
            try await pack(world)
            _ = try await world.core.users.delete(user.id, immediately: true, world.system)
            let hex = "UNHEX(REPLACE('\(user.id)', '-', ''))"
            #expect(try await world.number("SELECT COUNT(*) FROM text_segments WHERE LOCATE(\(hex), owners) > 0") == 1)
            #expect(try await find("email co \"canary@\"", world) == [])
            #expect(try await find("email co \"canary\"", world).count == 1)
        }
    }
}
