import JSON
import Testing

@testable import Identity

@Suite(.serialized) struct SearchPropertyTests {
    /// A filter of random comparisons.
    private func filter(_ depth: Int, _ random: inout SeededGenerator) -> String {
        func any(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &random)] }
        let ordered = ["eq", "ne", "gt", "ge", "lt", "le"]
        switch Int.random(in: 0..<(depth > 0 ? 17 : 12), using: &random) {
        case 0, 1:
            let part = any(["a", "A", "ada", "ÖDÖ", "von", "_", "%", "b_b", "zz", "grace hopper", "LACE", "lovelac"])
            return "name \(any(ordered + ["co", "sw", "ew"])) \"\(part)\""
        case 2: return "age \(any(ordered)) \(Int.random(in: -3...7, using: &random))"
        case 3: return "score \(any(ordered)) \(any(["-1.5", "0", "0.3", "12.75"]))"
        case 4: return "vip \(any(["eq", "ne"])) \(any(["true", "false", "null"]))"
        case 5: return "born \(any(ordered)) \"\(any(["2000-01-01", "2010-01-01"]))\""
        case 6: return "tags \(any(ordered + ["co", "sw", "ew"])) \"\(any(["re", "red", "blue", "ish"]))\""
        case 7:
            return any(["desks.floor gt 1", "desks[floor eq 2]", "desks.floor pr", "name pr", "tags pr", "email pr"])
        case 8:
            return any([
                "state eq \"active\"", "state ne \"active\"", "state eq \"locked\"", "state eq \"disabled\"",
                "external_id sw \"old\"", "external_id co \"-1\"", "external_id gt \"n\"", "create_time pr",
            ])
        case 9:
            return "email \(any(["sw", "co", "ew", "lt", "eq"])) \"\(any(["ann", "bob1", "eve", "@a.example", "a"]))\""
        case 10: return "email \(any(["co", "ew"])) \"\(any(["nn1", "B7x", "a.example", "example", "X0@A", "le"]))\""
        case 11:
            let path = any(["roles", "roles.direct", "groups", "groups.direct"])
            let name =
                path.hasPrefix("roles") ? any(["role 0", "ROLE 1", "role 2", "nobody"]) : any(["g0", "G1", "g3", "x"])
            return any(["\(path) eq \"\(name)\"", "\(path) ne \"\(name)\"", "\(path) pr", "\(path) eq null"])
        case 12: return "not (\(filter(depth - 1, &random)))"
        case 13, 14: return "(\(filter(depth - 1, &random)) or \(filter(depth - 1, &random)))"
        default: return "(\(filter(depth - 1, &random)) and \(filter(depth - 1, &random)))"
        }
    }

    /// Packs all texts in runs of few users.
    private func pack(_ world: CoreWorld) async throws {
        world.clock.advance(TextPacker.patience + .seconds(1))
        #expect(try await TextPacker(parts: world.parts, width: 16).run() > 1)
        #expect(try await world.number("SELECT COUNT(*) FROM text_changes") == 0)
    }

    /// Gives somebody another name, and takes somebody's away.
    private func rename(
        _ people: inout [SearchPerson],
        _ world: CoreWorld,
        _ random: inout SeededGenerator
    ) async throws {
        let (one, other) = (Int.random(in: 0..<45, using: &random), Int.random(in: 45..<90, using: &random))
        let name = SearchPerson.names[Int.random(in: 0..<SearchPerson.names.count, using: &random)]
        let user = try await world.core.users.get(people[one].id, world.system)
        let change = JSONValue.object([.init(name: "name", value: .string(name))]).text
        try await world.set(change, of: user, world.system)
        people[one].values["name"] = [.text(of: name)]
        let nameless = try await world.core.users.get(people[other].id, world.system)
        try await world.set(#"{"name":null}"#, of: nameless, world.system)
        people[other].values["name"] = []
    }

    /// All users of a list, page by page.
    private func walk(_ world: CoreWorld, _ query: UserListQuery, size: UInt32, _ caller: CallContext) async throws
        -> [UserID]
    {
        var request = PageRequest(size: size)
        var found: [UserID] = []
        for _ in 0..<1000 {
            let page = try await world.core.users.list(request, query, caller)
            #expect(page.items.count <= Int(size))
            found += page.items.map(\.id)
            guard let token = page.nextPageToken else { return found }
            request.token = token
        }
        Issue.record("\(query) has no end")
        return found
    }

    @Test func `what a filter finds is what it says, on all pages together`() async throws {
        try await withCore { world in
            try await SearchPerson.prepare(world)
            var random = SeededGenerator(seed: 4)
            let members = try await SearchMembers(world)
            var people: [SearchPerson] = []
            for number in 0..<90 {
                var person = try await SearchPerson.make(number, in: world, &random)
                person.values["create_time"] = [.number(Double(number))]
                try await members.give(&person, &random)
                people.append(person)
                // Some texts are packed in runs then, and some are not.
                if number == 50 { try await pack(world) }
                world.clock.advance(.seconds(1))
            }
            world.clock.advance(.seconds(3600))
            let caller = world.caller(["users.read", "profiles.read", "membership.read"])
            let sorts = ["", "", "name", "age desc", "email", "tags desc", "external_id", "create_time desc"]
            var served = 0
            for round in 0..<500 {
                if round == 200 { try await pack(world) }
                if round.isMultiple(of: 20) { try await rename(&people, world, &random) }
                let sort = sorts[round % sorts.count]
                var text = filter(3, &random)
                // Then the index of the sort serves whatever else is asked.
                if let path = sort.split(separator: " ").first, Bool.random(using: &random) {
                    text = "\(path) pr and (\(text))"
                }
                let parsed = try Filter(text)
                let size = UInt32.random(in: 5...60, using: &random)
                let found: [UserID]
                do {
                    found = try await walk(world, UserListQuery(filter: text, sort: sort), size: size, caller)
                } catch let refusal as FlowError {
                    #expect([.filterUnserved, .sortUnserved].contains(refusal.reason), "\(text) \(sort): \(refusal)")
                    continue
                }
                served += 1
                let wanted = people.filter { $0.fulfils(parsed) }
                #expect(Set(found) == Set(wanted.map(\.id)), "\(text) by \(sort), \(size) a page")
                #expect(Set(found).count == found.count, "\(text) by \(sort): somebody is there twice")
                check(found, are: wanted, in: sort)
            }
            #expect(served > 100)
        }
    }

    /// Whether users stand in the order of an attribute that has one value.
    private func check(_ found: [UserID], are people: [SearchPerson], in sort: String) {
        let words = sort.split(separator: " ")
        guard let path = words.first.map(String.init), !["tags", "email"].contains(path) else { return }
        let byID = Dictionary(people.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let keys = found.compactMap { byID[$0]?.values[path]?.first }
        let inOrder = words.count == 2 ? Array(keys.reversed()) : keys
        #expect(zip(inOrder, inOrder.dropFirst()).allSatisfy { $0 <= $1 }, "by \(sort)")
    }
}
