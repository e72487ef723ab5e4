import JSON
import Testing

@testable import Identity

@Suite struct ProfileFlowsTests {
    @Test func `a user without values has an empty profile`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let profile = try await world.core.profiles.get(user.id, world.caller(["profiles.read"]))
            #expect(profile.text == "{}")
            #expect((profile.revision, profile.schemaVersion) == (0, 1))
            let nobody: UserID = world.parts.makeID()
            await expectRefusal(.notFound) { try await world.core.profiles.get(nobody, world.system) }
        }
    }

    @Test func `values are written, changed and taken away by name alone`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.set(#"{"given_name":"Ada","family_name":"Byron"}"#, of: user)
            let second = try await world.set(#"{"family_name":"Lovelace"}"#, of: user)
            #expect(second.text == #"{"family_name":"Lovelace","given_name":"Ada"}"#)
            #expect(second.revision == 2)
            let third = try await world.set(#"{"given_name":null}"#, of: user)
            #expect(third.text == #"{"family_name":"Lovelace"}"#)
            let fourth = try await world.set(#"{"family_name":""}"#, of: user)
            #expect(fourth.text == "{}")
            #expect(try await world.events(.profileUpdated) == 4)
            #expect(try await world.number("SELECT COUNT(*) FROM profile_index") == 0)
        }
    }

    @Test func `writing what is there changes nothing and leaves no event`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.set(#"{"name":"Ada"}"#, of: user)
            #expect(try await world.set(#"{"name":"Ada"}"#, of: user).revision == 1)
            #expect(try await world.events(.profileUpdated) == 1)
        }
    }

    @Test func `a revision that is not the current one is refused with it`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.set(#"{"name":"Ada"}"#, of: user)
            let refusal = await expectRefusal(.revisionConflict) {
                try await world.core.profiles.update(
                    user.id,
                    try changes(#"{"name":"Eve"}"#),
                    expectedRevision: 7,
                    world.system
                )
            }
            #expect(refusal?.code == .revisionConflict(current: 1))
        }
    }

    @Test func `all problems are told together and nothing is half written`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.put(
                try attribute("age", .integer) { $0.rules = .init(minimum: "0", maximum: "150") },
                try attribute("nicknames", .string) {
                    $0.isMulti = true
                    $0.rules = .init(minimumLength: 2, maximumLength: 5)
                },
                try attribute("colour", .string) { $0.rules.allowedValues = ["red", "blue"] },
                try attribute("plate", .string) { $0.rules.pattern = "[A-Z]{2}[0-9]+" },
                try attribute("badge", .string) { $0.isRequired = true }
            )
            let refusal = await expectRefusal(.attributeTooLarge) {
                try await world.set(
                    #"{"age":151,"nicknames":["ok","x","toolong",3],"colour":"green","plate":"x1","nothing":1,"badge":"","name":"Ada"}"#,
                    of: user
                )
            }
            #expect(
                refusal?.fields == [
                    "profile.age profiles.value_too_large", "profile.nicknames[1] profiles.value_too_short",
                    "profile.nicknames[2] profiles.value_too_long", "profile.nicknames[3] profiles.value_kind",
                    "profile.colour profiles.value_not_allowed", "profile.plate profiles.value_pattern",
                    "profile.nothing profiles.attribute_unknown", "profile.badge profiles.attribute_required",
                ]
            )
            #expect(try await world.number("SELECT COUNT(*) FROM profiles") == 0)
            #expect(try await world.number("SELECT COUNT(*) FROM profile_index") == 0)
        }
    }

    @Test func `complex values are written whole and by sub-attribute`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.change(.init(addStandard: ["address"]))
            try await world.set(#"{"address":{"locality":"Paris","country":"FR"}}"#, of: user)
            let moved = try await world.set(#"{"address.locality":"Lyon"}"#, of: user)
            #expect(moved.text == #"{"address":{"country":"FR","locality":"Lyon"}}"#)
            let refusal = await expectRefusal(.attributeUnknown) {
                try await world.set(#"{"address":{"planet":"Mars"}}"#, of: user)
            }
            #expect(refusal?.fields == ["profile.address profiles.attribute_unknown"])
            await expectRefusal(.attributeKind) { try await world.set(#"{"address":"Lyon"}"#, of: user) }
            let gone = try await world.set(#"{"address.locality":null,"address.country":null}"#, of: user)
            #expect(gone.text == "{}")
        }
    }

    @Test func `an object must stay whole when a part of it is written`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.put(
                try attribute("office", .complex),
                try attribute("office.floor", .integer) { $0.isRequired = true },
                try attribute("office.room", .string)
            )
            let refusal = await expectRefusal(.attributeRequired) {
                try await world.set(#"{"office":{"room":"12b"}}"#, of: user)
            }
            #expect(refusal?.fields == ["profile.office.floor profiles.attribute_required"])
            await expectRefusal(.attributeRequired) { try await world.set(#"{"office.room":"12b"}"#, of: user) }
            try await world.set(#"{"office":{"room":"12b","floor":3}}"#, of: user)
            await expectRefusal(.attributeRequired) { try await world.set(#"{"office.floor":null}"#, of: user) }
            #expect(try await world.set(#"{"office":null}"#, of: user).text == "{}")
        }
    }

    @Test func `a person sees and writes what the schema gives to users, of nobody else`() async throws {
        try await withCore { world in
            let (user, other) = (try await world.makeUser("a@example.com"), try await world.makeUser("b@example.com"))
            try await world.put(
                try attribute("salary", .integer) { ($0.readers, $0.writers) = (.administrator, .administrator) },
                try attribute("staff_number", .string) { $0.writers = .administrator },
                try attribute("fingerprint", .string) { ($0.readers, $0.writers) = (.hidden, .hidden) }
            )
            try await world.set(
                #"{"salary":100,"staff_number":"7","fingerprint":"x","name":"Ada"}"#,
                of: user,
                world.system
            )
            let person = world.person(try await world.makeSession(of: user.id).session)
            let own = try await world.core.profiles.get(user.id, person)
            #expect(own.text == #"{"name":"Ada","staff_number":"7"}"#)
            let seen = try await world.core.profiles.get(user.id, world.caller(["profiles.read"]))
            #expect(seen.text == #"{"name":"Ada","salary":100,"staff_number":"7"}"#)
            let refusal = await expectRefusal(.attributeUnknown) {
                try await world.set(
                    #"{"salary":1000,"staff_number":"8","fingerprint":"y","nothing":1}"#,
                    of: user,
                    person
                )
            }
            // What may not be seen is told from what does not exist by nothing.
            #expect(
                refusal?.fields == [
                    "profile.salary profiles.attribute_unknown", "profile.staff_number profiles.attribute_read_only",
                    "profile.fingerprint profiles.attribute_unknown", "profile.nothing profiles.attribute_unknown",
                ]
            )
            try await world.set(#"{"name":"Ada L."}"#, of: user, person)
            await expectRefusal(.notFound) { try await world.core.profiles.get(other.id, person) }
            await expectRefusal(.notFound) { try await world.set(#"{"name":"X"}"#, of: other, person) }
            await expectRefusal(.permissionMissing) {
                try await world.set(#"{"name":"X"}"#, of: user, world.caller(["profiles.read", "users.*"]))
            }
        }
    }

    @Test func `the rights of a person end at what hangs under an attribute, too`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let state = try await world.put(
                try attribute("contract", .complex) { ($0.readers, $0.writers) = (.administrator, .administrator) },
                try attribute("contract.salary", .integer) { ($0.readers, $0.writers) = (.user, .user) }
            )
            let salary = try path("contract.salary")
            #expect(state.schema[salary]?.writers == .administrator)
            let person = world.person(try await world.makeSession(of: user.id).session)
            await expectRefusal(.attributeUnknown) { try await world.set(#"{"contract.salary":1}"#, of: user, person) }
            #expect(try await world.core.profileSchema.get(person).schema.attribute("contract") == nil)
        }
    }

    @Test func `nothing that signs in can be written as a value`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            for code in ["email", "email_verified", "phone_number_verified", "roles", "sub"] {
                await expectRefusal(.attributeUnknown) {
                    try await world.set(#"{"\#(code)":"x"}"#, of: user, world.system)
                }
            }
        }
    }

    @Test func `a unique value has one owner, in whatever case, until it is given up`() async throws {
        try await withCore { world in
            let (user, other) = (try await world.makeUser("a@example.com"), try await world.makeUser("b@example.com"))
            try await world.put(
                try attribute("staff_number", .string) { $0.isUnique = true },
                try attribute("locker", .integer) { $0.isUnique = true }
            )
            try await world.set(#"{"staff_number":"Ä-7","locker":7}"#, of: user)
            let refusal = await expectRefusal(.attributeTaken) {
                try await world.set(#"{"staff_number":"ä-7","name":"Eve","locker":7}"#, of: other)
            }
            #expect(refusal?.code == .alreadyExists)
            #expect(refusal?.message.contains("profile.staff_number") == true)
            #expect(refusal?.message.contains("profile.locker") == true)
            #expect(try await world.core.profiles.get(other.id, world.system).text == "{}")
            #expect(try await world.find("staff_number", #""ä-7""#).id == user.id)
            #expect(try await world.find("locker", "7").id == user.id)
            await expectRefusal(.notFound) { try await world.find("locker", "8") }
            await expectRefusal(.attributeUnknown) { try await world.find("name", #""Eve""#) }
            await expectRefusal(.attributeKind) { try await world.find("locker", #""7""#) }
            try await world.set(#"{"staff_number":"ä-7b"}"#, of: user)
            try await world.set(#"{"staff_number":"Ä-7"}"#, of: other)
            #expect(try await world.find("staff_number", #""ä-7""#).id == other.id)
        }
    }

    @Test func `who may not read profiles finds nobody by what stands in one`() async throws {
        try await withCore { world in
            try await world.put(try attribute("locker", .integer) { $0.isUnique = true })
            let user = try await world.makeUser("a@example.com")
            try await world.set(#"{"locker":7}"#, of: user)
            let locker = try path("locker")
            for scopes in [["users.read"], ["users.*"], ["profiles.read"]] {
                await expectRefusal(.permissionMissing) {
                    try await world.core.profiles.findUser(by: locker, .number("7"), world.caller(scopes))
                }
            }
            #expect(try await world.find("locker", "7").id == user.id)
        }
    }

    @Test func `fifty who want one unique value are one who gets it`() async throws {
        try await withCore(lanes: 8) { world in
            try await world.put(try attribute("handle", .string) { $0.isUnique = true })
            var users: [User] = []
            for number in 0..<50 { users.append(try await world.makeUser("u\(number)@example.com")) }
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for user in users {
                    group.addTask { (try? await world.set(#"{"handle":"first"}"#, of: user)) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(outcomes == 1)
            #expect(try await world.number("SELECT COUNT(*) FROM profile_unique_values") == 1)
            #expect(try await world.number("SELECT COUNT(*) FROM profiles") == 1)
        }
    }

    @Test func `of many writers of one profile none loses a field`() async throws {
        try await withCore(lanes: 8) { world in
            let user = try await world.makeUser("a@example.com")
            let attributes = try (0..<30).map { try attribute("field_\($0)", .integer) { $0.isQueryable = true } }
            try await world.change(.init(put: attributes))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<30 {
                    group.addTask {
                        for round in 1...4 { try await world.set(#"{"field_\#(number)":\#(round)}"#, of: user) }
                    }
                }
                try await group.waitForAll()
            }
            let profile = try await world.core.profiles.get(user.id, world.system)
            #expect(profile.revision == 120)
            #expect(profile.values.count == 30)
            #expect(profile.values.allSatisfy { $0.value == .number("4") })
            #expect(try await world.number("SELECT COUNT(*) FROM profile_index") == 30)
        }
    }

    @Test func `a profile has an end`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let attributes = try (0..<8).map { try attribute("text_\($0)", .string) }
            try await world.change(.init(put: attributes))
            let long = String(repeating: "x", count: 10_000)
            let values = (0..<7).map { #""text_\#($0)":"\#(long)""# }.joined(separator: ",")
            await expectRefusal(.profileTooLarge) { try await world.set("{\(values)}", of: user) }
            try await world.set(#"{"text_0":"\#(long)"}"#, of: user)
            await expectRefusal(.attributeTooLong) { try await world.set(#"{"text_1":"\#(long)x"}"#, of: user) }
        }
    }

    @Test func `who is to be deleted is not written to, and erasure takes every row`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.put(try attribute("handle", .string) { $0.isUnique = true })
            try await world.set(#"{"handle":"ada","name":"Ada"}"#, of: user)
            _ = try await world.core.users.delete(user.id, world.system)
            await expectRefusal(.userStateUnsuitable) { try await world.set(#"{"name":"Eve"}"#, of: user) }
            _ = try await world.core.users.delete(user.id, immediately: true, world.system)
            for table in ["profiles", "profile_index", "profile_unique_values"] {
                #expect(try await world.number("SELECT COUNT(*) FROM \(table)") == 0)
            }
        }
    }

    @Test func `a call that comes twice with one key has one effect`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let context = world.keyed(world.caller(["profiles.write"], id: world.parts.makeID()), "once")
            let first = try await world.set(#"{"name":"Ada"}"#, of: user, context)
            try await world.set(#"{"name":"Eve"}"#, of: user)
            #expect(try await world.set(#"{"name":"Ada"}"#, of: user, context) == first)
            #expect(try await world.core.profiles.get(user.id, world.system).text == #"{"name":"Eve"}"#)
        }
    }
}
