import JSON
import MariaDB

@testable import Identity

/// A person as the oracle knows them: plain values, compared by their meaning and not by keys of indexes.
struct SearchPerson: Sendable {
    /// One value, as the oracle compares it.
    enum Value: Hashable, Comparable {
        case text([UInt8])
        case number(Double)
        case truth(Bool)

        static func < (left: Value, right: Value) -> Bool {
            switch (left, right) {
            case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
            case (.number(let left), .number(let right)): left < right
            default: false
            }
        }

        static func text(of text: String) -> Value { .text(Array(text.lowercased().utf8)) }
    }

    var id = UserID.zero
    var state = "active"
    var values: [String: [Value]] = [:]

    /// Whether a filter holds of this person.
    func fulfils(_ filter: Filter) -> Bool {
        switch filter {
        case .and(let parts): return parts.allSatisfy(fulfils)
        case .or(let parts): return parts.contains(where: fulfils)
        case .not(let inner): return !fulfils(inner)
        case .present(let path): return !own(path).isEmpty
        case .element(let path, .compare(let sub, let comparison, let value)):
            guard let whole = AttributePath("\(path).\(sub)") else { return false }
            return fulfils(.compare(whole, comparison, value))
        case .element: return false
        case .compare(let path, .equal, .null): return own(path).isEmpty
        case .compare(let path, .notEqual, .null): return !own(path).isEmpty
        case .compare(let path, .notEqual, let value): return !fulfils(.compare(path, .equal, value))
        case .compare(let path, let comparison, let value):
            guard let wanted = Self.wanted(value, path) else { return false }
            return own(path).contains { Self.holds($0, comparison, wanted) }
        }
    }

    private func own(_ path: AttributePath) -> [Value] {
        path.description == "state" ? [.text(of: state)] : values[path.description] ?? []
    }

    private static func wanted(_ json: JSONValue, _ path: AttributePath) -> Value? {
        switch json {
        // External ids are compared byte by byte.
        case .string(let text): path.root == "external_id" ? .text(Array(text.utf8)) : .text(of: text)
        case .number(let digits): Double(digits).map { .number($0) }
        case .bool(let truth): .truth(truth)
        default: nil
        }
    }

    private static func holds(_ value: Value, _ comparison: Filter.Operator, _ wanted: Value) -> Bool {
        switch comparison {
        case .equal: return value == wanted
        case .notEqual: return value != wanted
        case .greater: return value > wanted
        case .greaterOrEqual: return value >= wanted
        case .less: return value < wanted
        case .lessOrEqual: return value <= wanted
        case .contains, .startsWith, .endsWith:
            guard case .text(let value) = value, case .text(let part) = wanted else { return false }
            if comparison == .startsWith { return value.starts(with: part) }
            if comparison == .endsWith { return value.reversed().starts(with: part.reversed()) }
            return value.indices.contains { value[$0...].starts(with: part) }
        }
    }
}

extension SearchPerson {
    static let names = [
        "Ada", "ada lovelace", "Adam", "Grace", "grace hopper", "Ödön", "ödön von", "Zoë", "b_b", "100%",
    ]
    static let tags = ["red", "Reddish", "blue", "green"]

    /// Makes a person up, in the core and for the oracle.
    static func make(
        _ number: Int,
        in world: CoreWorld,
        _ random: inout SeededGenerator
    ) async throws -> SearchPerson {
        var person = SearchPerson()
        var members: [JSONValue.Member] = []
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        func any<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &random)] }
        let mails = (0..<Int.random(in: 0...2, using: &random)).map {
            "\(any(["ann", "Bob", "eve"]))\(number)x\($0)@a.example"
        }
        let externalID = chance(50) ? "\(any(["old", "OLD", "new"]))-\(number)" : nil
        if chance(80) {
            let name = any(names)
            members.append(.init(name: "name", value: .string(name)))
            person.values["name"] = [.text(of: name)]
        }
        if chance(70) {
            let age = Int.random(in: -2...6, using: &random)
            members.append(.init(name: "age", value: .number("\(age)")))
            person.values["age"] = [.number(Double(age))]
        }
        if chance(50) {
            let score = any(["-1.5", "0", "0.25", "12.75"])
            members.append(.init(name: "score", value: .number(score)))
            person.values["score"] = Double(score).map { [.number($0)] }
        }
        if chance(60) {
            let vip = chance(50)
            members.append(.init(name: "vip", value: .bool(vip)))
            person.values["vip"] = [.truth(vip)]
        }
        if chance(50) {
            let day = any(["1999-12-31", "2000-01-01", "2026-02-28"])
            members.append(.init(name: "born", value: .string(day)))
            person.values["born"] = [.text(of: day)]
        }
        if chance(60) {
            let own = (0..<Int.random(in: 1...3, using: &random)).map { _ in any(tags) }
            members.append(.init(name: "tags", value: .array(own.map(JSONValue.string))))
            person.values["tags"] = own.map(Value.text(of:))
        }
        if chance(50) {
            let floors = (0..<Int.random(in: 1...3, using: &random)).map { _ in Int.random(in: 0...3, using: &random) }
            let desks = floors.map { JSONValue.object([.init(name: "floor", value: .number("\($0)"))]) }
            members.append(.init(name: "desks", value: .array(desks)))
            person.values["desks.floor"] = floors.map { .number(Double($0)) }
        }
        person.values["email"] = mails.map(Value.text(of:))
        person.values["external_id"] = externalID.map { [.text(Array($0.utf8))] } ?? []
        let identifiers = mails.map { NewIdentifier(kind: .email, value: $0) }
        let user = try await world.core.users.create(
            NewUser(identifiers: identifiers, externalID: externalID),
            world.system
        )
        person.id = user.id
        try await world.set(JSONValue.object(members).text, of: user)
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            _ = try await world.core.users.disable(user.id, reason: "", expectedRevision: nil, world.system)
            person.state = "disabled"
        case 1, 2:
            // One of the two locks is over when the clock has gone on by an hour.
            let isShort = chance(50)
            let until = world.clock.now() + .seconds(isShort ? 60 : 86_400)
            _ = try await world.core.users.lock(user.id, until: until, reason: "", expectedRevision: nil, world.system)
            person.state = isShort ? "active" : "locked"
        default: break
        }
        return person
    }

    /// The attributes that people here have beside those of every installation.
    static func prepare(_ world: CoreWorld) async throws {
        func queryable(_ path: String, _ kind: ProfileAttribute.Kind, isMulti: Bool = false) throws -> ProfileAttribute
        {
            try attribute(path, kind) {
                $0.isQueryable = kind != .complex
                $0.isMulti = isMulti
                if kind == .string { $0.rules.maximumLength = 200 }
            }
        }
        try await world.change(
            ProfileSchemaChange(put: [
                try queryable("age", .integer), try queryable("score", .decimal), try queryable("vip", .boolean),
                try queryable("born", .date), try queryable("tags", .string, isMulti: true),
                try queryable("desks", .complex, isMulti: true), try queryable("desks.floor", .integer),
                try attribute("shoe", .integer),
            ])
        )
        try await ProfileUpkeep(parts: world.parts).run()
    }
}
