import Testing

@testable import Identity

@Suite struct UserSearchTests {
    private func make(
        _ world: CoreWorld,
        _ identifiers: [NewIdentifier],
        externalID: String? = nil,
        name: String? = nil
    ) async throws -> User {
        let user = try await world.core.users.create(
            NewUser(identifiers: identifiers, externalID: externalID),
            world.system
        )
        if let name { try await world.set(#"{"name":"\#(name)"}"#, of: user) }
        return user
    }

    private func found(_ world: CoreWorld, _ text: String, limit: UInt32 = 0) async throws -> [UserID] {
        try await world.core.users.search(text, limit: limit, world.caller(["users.read"])).map(\.id)
    }

    @Test func `one box finds a person by whatever is known of them`() async throws {
        try await withCore { world in
            let ada = try await make(
                world,
                [
                    .init(kind: .email, value: "Ada.Lovelace@Example.com"),
                    .init(kind: .phone, value: "+43 660 1234567"),
                    .init(kind: .username, value: "countess"),
                ],
                externalID: "OLD-77",
                name: "Ädá Lovelace"
            )
            let other = try await make(
                world,
                [.init(kind: .email, value: "grace@bücher.example")],
                name: "Grace Hopper"
            )
            for text in [
                ada.id.description, "ada.love", "ADA.LOVELACE@EXAMPLE.COM", "+43660", "+43 (660) 12", "Count", "OLD-7",
                "ädá lo", "A\u{308}DA\u{301}", "  ada.lovelace@example.com ",
            ] {
                #expect(try await found(world, text) == [ada.id], "\(text)")
            }
            #expect(try await found(world, "grace@bücher.example") == [other.id])
            #expect(try await found(world, "grace h") == [other.id])
            for text in ["lovelace", "old-7", "%", "_", "ada%", "0660", "+", "nobody"] {
                #expect(try await found(world, text).isEmpty, "\(text)")
            }
        }
    }

    @Test func `what is likeliest comes first, each user once, and no more than asked for`() async throws {
        try await withCore { world in
            let named = try await make(world, [], name: "sam")
            let mailed = try await make(world, [.init(kind: .email, value: "sam@example.com")], name: "Sam")
            let called = try await make(world, [.init(kind: .username, value: "sam")])
            #expect(try await found(world, "sam").prefix(2) == [mailed.id, called.id])
            #expect(try await found(world, "sam").count == 3)
            #expect(try await found(world, "sam", limit: 1) == [mailed.id])
            #expect(try await found(world, named.id.description) == [named.id])
        }
    }

    @Test func `no name is found that the schema hides, or that nothing is searched by`() async throws {
        try await withCore { world in
            _ = try await make(world, [], name: "Hidden")
            #expect(try await found(world, "hid").count == 1)
            try await world.put(
                try attribute("name", .string) {
                    $0.isQueryable = true
                    ($0.readers, $0.writers) = (.hidden, .hidden)
                }
            )
            #expect(try await found(world, "hid").isEmpty)
        }
    }

    @Test func `an empty, long or broken text and a large limit are refused by name`() async throws {
        try await withCore { world in
            for text in ["", "   ", String(repeating: "x", count: 201), "a\u{0}b", "a\u{1B}[2J"] {
                let refusal = await expectRefusal(.fieldInvalid) { try await found(world, text) }
                #expect(refusal?.fields == ["query field.invalid"])
            }
            await expectRefusal(.pageSizeInvalid) { try await found(world, "x", limit: 101) }
            await expectRefusal(.permissionMissing) {
                try await world.core.users.search("x", world.caller(["users.write"]))
            }
        }
    }
}
