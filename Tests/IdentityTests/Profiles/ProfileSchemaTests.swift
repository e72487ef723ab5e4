import JSON
import Testing

@testable import Identity
@testable import MariaDB

@Suite struct ProfileSchemaTests {
    @Test func `a new installation has the names, and every ready-made attribute can be added`() async throws {
        try await withCore { world in
            let start = try await world.core.profileSchema.get(world.system).schema
            #expect(start.version == 1)
            #expect(start.attributes.map(\.path.description) == ["family_name", "given_name", "name"])
            let all = try await world.change(.init(addStandard: StandardAttributes.codes)).schema
            #expect(all.version == 2)
            #expect(Set(StandardAttributes.codes).isSubset(of: all.attributes.map(\.path.description)))
            let locality = try path("address.locality")
            #expect(all[locality]?.kind == .string)
            #expect(Set(all.attributes.map(\.number)).count == all.attributes.count)
            #expect(try await world.core.profileSchema.get(world.system).schema == all)
            #expect(try await world.events(.profileSchemaChanged) == 1)
        }
    }

    @Test func `a change against an older version is refused with the current one`() async throws {
        try await withCore { world in
            try await world.change(.init(addStandard: ["nickname"]))
            let refusal = await expectRefusal(.revisionConflict) {
                try await world.core.profileSchema.change(
                    .init(addStandard: ["gender"]),
                    expectedVersion: 1,
                    world.system
                )
            }
            #expect(refusal?.code == .revisionConflict(current: 2))
        }
    }

    @Test func `everything that is wrong with a change is told together`() async throws {
        try await withCore { world in
            let refusal = await expectRefusal(.attributeUnknown) {
                try await world.change(
                    .init(
                        put: [
                            try attribute("Roles", .string), try attribute("email", .string),
                            try attribute("ghost.part", .string),
                            try attribute("low", .integer) { $0.rules = .init(minimum: "5", maximum: "4") },
                            try attribute("word", .string) { $0.rules = .init(minimum: "a", pattern: "(") },
                            try attribute("list", .string) { ($0.isMulti, $0.isUnique) = (true, true) },
                            try attribute("essay", .string) {
                                $0.isQueryable = true
                                $0.rules.maximumLength = 251
                            },
                            try attribute("thing", .complex) { $0.isQueryable = true },
                            try attribute("secret", .string) { $0.readers = .administrator },
                            try attribute("name", .integer), try attribute("NAME", .string),
                        ],
                        addStandard: ["shoe_size"],
                        remove: [try path("nothing")]
                    )
                )
            }
            let fields = Set(refusal?.fields ?? [])
            let expected = [
                "remove[0] profiles.attribute_unknown", "add_standard[0] profiles.attribute_unknown",
                "put[0].path profile_schema.code_reserved", "put[1].path profile_schema.code_reserved",
                "put[2].path profile_schema.path_invalid", "put[3].rules.maximum profile_schema.rule_invalid",
                "put[4].rules.minimum profile_schema.rule_invalid", "put[4].rules.pattern profile_schema.rule_invalid",
                "put[5].unique field.invalid", "put[6].rules.maximum_length profile_schema.rule_invalid",
                "put[7].queryable field.invalid", "put[8].writers field.invalid",
                "put[9].kind profile_schema.kind_fixed",
                "put[9].path profile_schema.path_invalid",
            ]
            #expect(fields == Set(expected))
            let schema = try await world.core.profileSchema.get(world.system).schema
            #expect(schema.version == 1)
        }
    }

    @Test(arguments: Array(StandardAttributes.reservedCodes).sorted())
    func `no attribute takes the code of a claim or filter that others rely on`(code: String) throws {
        for spelling in [code, code.uppercased()] {
            let problems = ProfileSchemaRules.problems(of: [try attribute(spelling, .string)], fields: [:])
            #expect(problems.map(\.reason) == [.attributeCodeReserved])
        }
    }

    @Test func `reads go on when the schema has moved on, and unknown values are gone`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            try await world.put(try attribute("size", .string), try attribute("old", .string))
            try await world.set(#"{"size":"extra large","old":"x"}"#, of: user)
            try await world.change(
                .init(
                    put: [try attribute("size", .string) { $0.rules.allowedValues = ["S", "M"] }],
                    remove: [try path("old")]
                )
            )
            let profile = try await world.core.profiles.get(user.id, world.system)
            #expect(profile.text == #"{"size":"extra large"}"#)
            try await world.set(#"{"name":"Ada"}"#, of: user)
            await expectRefusal(.attributeNotAllowed) { try await world.set(#"{"size":"L"}"#, of: user) }
        }
    }

    @Test func `a dry run counts whose values would no longer do, and changes nothing`() async throws {
        try await withCore { world in
            for number in 0..<12 {
                let user = try await world.makeUser("u\(number)@example.com")
                let name = number < 4 ? "Same" : "User \(number)"
                try await world.set(#"{"name":"\#(name)","given_name":"x"}"#, of: user)
            }
            let change = ProfileSchemaChange(put: [
                try attribute("name", .string) {
                    $0.isUnique = true
                    $0.rules.maximumLength = 6
                },
                try attribute("badge", .string) { $0.isRequired = true },
            ])
            let report = try await world.core.profileSchema.dryRun(change, world.system)
            #expect((report.profiles, report.invalidUsers) == (12, 12))
            let counts = report.invalidByAttribute.map { "\($0.path) \($0.users)" }
            // Three of the four equal names, and "User 10" and "User 11".
            #expect(counts == ["badge 12", "name 5"])
            #expect(try await world.core.profileSchema.get(world.system).schema.version == 1)
        }
    }

    @Test func `a dry run counts who has no profile where something is required, and only there`() async throws {
        try await withCore { world in
            for number in 0..<5 { _ = try await world.makeUser("u\(number)@example.com") }
            try await world.set(#"{"name":"Ada"}"#, of: try await world.makeUser("ada@example.com"))
            let required = ProfileSchemaChange(put: [try attribute("name", .string) { $0.isRequired = true }])
            let report = try await world.core.profileSchema.dryRun(required, world.system)
            #expect((report.profiles, report.invalidUsers) == (1, 5))
            #expect(report.invalidByAttribute.map { "\($0.path) \($0.users)" } == ["name 5"])
            let shorter = ProfileSchemaChange(put: [try attribute("name", .string) { $0.rules.maximumLength = 2 }])
            let other = try await world.core.profileSchema.dryRun(shorter, world.system)
            #expect((other.profiles, other.invalidUsers) == (1, 1))
        }
    }

    @Test func `two changes at once are two versions`() async throws {
        try await withCore { world in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask { try await world.put(try attribute("extra_\(number)", .string)) }
                }
                try await group.waitForAll()
            }
            let schema = try await world.core.profileSchema.get(world.system).schema
            #expect((schema.version, schema.attributes.count) == (9, 11))
            #expect(Set(schema.attributes.map(\.number)).count == 11)
        }
    }

    @Test func `the schema is shown to people and to those with the scope, and changed by fewer`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let person = world.person(try await world.makeSession(of: user.id).session)
            #expect(try await world.core.profileSchema.get(person).schema.attributes.count == 3)
            await expectRefusal(.credentialsMissing) { try await world.core.profileSchema.get(world.anonymous()) }
            await expectRefusal(.permissionMissing) {
                try await world.core.profileSchema.get(world.caller(["profiles.*"]))
            }
            for context in [person, world.caller(["profile_schema.read", "profiles.*"])] {
                await expectRefusal(.permissionMissing) { try await world.core.profileSchema.change(.init(), context) }
                await expectRefusal(.permissionMissing) { try await world.core.profileSchema.dryRun(.init(), context) }
            }
        }
    }
}

/// A schema that was changed since a transaction first read anything is read all the same.
@Suite struct HeldProfileSchemaTests {
    @Test func `whoever holds the schema reads the newest, whatever the transaction saw before`() async throws {
        try await withCore { world in
            let configuration = world.configuration
            let other = try CoreWorld(configuration, clock: world.clock)
            let badge = try attribute("badge", .string)
            let parts = other.parts
            let before = try await world.put(badge).schema.version
            let seen = try await parts.database.transaction(deadline: .after(.seconds(600))) { transaction -> UInt64 in
                // The first read fixes what later ones see.
                _ = try transaction.first(ReadSchemaVersion())
                let connection = try Connection.openAny(configuration)
                try connection.execute(
                    text: """
                        INSERT INTO profile_schemas (version, document, created_at)
                        SELECT version + 1, document, created_at FROM profile_schemas WHERE version = \(before)
                        """
                )
                try connection.execute(text: "UPDATE guards SET version = version + 1 WHERE name = 'profile_schema'")
                _ = try parts.profileSchemas.held(transaction)
                return try transaction.first(ShareSchemaVersion()) ?? 0
            }
            #expect(seen == before + 1)
        }
    }
}
