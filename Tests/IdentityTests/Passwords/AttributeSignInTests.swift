import MariaDB
import Testing

@testable import Identity

/// Signing in by a value of an attribute that is unique (PRODUCT section 5).
@Suite struct AttributeSignInTests {
    private let address = "ada@example.com"

    @Test(arguments: ["staff 17", "STAFF 17", "Staff 17"])
    func `a value opens the account in any spelling`(typed: String) async throws {
        let world = try await staffWorld()
        let user = try await world.userWithPassword(address).userID
        try await world.set(#"{"staff_number":"Staff 17","locker":12}"#, of: user)
        #expect(try await world.signInByPassword(typed).session.userID == user)
        world.clock.advance(.seconds(60))
        #expect(try await world.signInByPassword("12").session.userID == user)
        #expect(try await world.tryPassword("wrong wrong wrong", of: typed).outcome.shape == .tryAgain)
    }

    @Test func `known and unknown values are answered the same, and one budget counts all spellings`() async throws {
        let world = try await staffWorld()
        let user = try await world.userWithPassword(address).userID
        try await world.set(#"{"staff_number":"Staff 17"}"#, of: user)
        var shapes: [[OutcomeShape]] = []
        for names in [["staff 17", "STAFF 17", address], ["staff 18", "STAFF 18", "staff 18"]] {
            var told: [OutcomeShape] = []
            for name in names + names {
                told.append(try await world.tryPassword("wrong wrong wrong", of: name).outcome.shape)
            }
            shapes.append(told)
        }
        #expect(shapes[0] == shapes[1])
        #expect(shapes[0].last == .throttled)
    }

    @Test func `whoever shares a text with another attribute's value is not found by it, and a user name comes first`()
        async throws
    {
        let world = try await staffWorld()
        let ada = try await world.userWithPassword(address).userID
        let bob = try await world.userWithPassword("bob@example.com").userID
        try await world.set(#"{"staff_number":"12"}"#, of: ada)
        try await world.set(#"{"locker":12,"staff_number":"bobby"}"#, of: bob)
        #expect(try await world.tryPassword(SignInWorld.password, of: "12").outcome.shape == .tryAgain)
        #expect(try await world.signInByPassword("bobby").session.userID == bob)
        _ = try await world.core.identifiers.setUsername("bobby", of: ada, world.administrator)
        #expect(try await world.signInByPassword("bobby").session.userID == ada)
    }

    @Test func `a value that was taken away, or whose owner is disabled, opens nothing`() async throws {
        let world = try await staffWorld()
        let user = try await world.userWithPassword(address).userID
        try await world.set(#"{"staff_number":"Staff 17"}"#, of: user)
        _ = try await world.core.users.disable(user, reason: "", world.administrator)
        #expect(try await world.tryPassword(SignInWorld.password, of: "staff 17").outcome.shape != .signedIn)
        _ = try await world.core.users.enable(user, world.administrator)
        try await world.set(#"{"staff_number":null}"#, of: user)
        #expect(try await world.tryPassword(SignInWorld.password, of: "staff 17").outcome.shape == .tryAgain)
    }

    @Test func `what could be an address, or nothing at all, is refused as before`() async throws {
        let world = try await staffWorld()
        for text in ["", "a@b@c", "+43 664", "a\u{0}b", String(repeating: "x", count: 251)] {
            await expectRefusal(.fieldInvalid) {
                try await world.signIn.begin(SignInRequest(identifier: text), world.browser())
            }
        }
        let withoutPasswords = try await SignInWorld()
        await expectRefusal(.emailInvalid) {
            try await withoutPasswords.signIn.begin(SignInRequest(identifier: "staff 17"), withoutPasswords.browser())
        }
    }

    /// A world whose people have staff numbers and lockers.
    private func staffWorld() async throws -> SignInWorld {
        let world = try await SignInWorld.withPasswords()
        let attributes = try [
            attribute("staff_number", .string) { $0.isUnique = true },
            attribute("locker", .integer) { $0.isUnique = true }, attribute("note", .string),
        ]
        _ = try await world.core.profileSchema.change(ProfileSchemaChange(put: attributes), world.administrator)
        return world
    }
}

extension SignInWorld {
    fileprivate func set(_ values: String, of user: UserID) async throws {
        _ = try await core.profiles.update(user, try changes(values), administrator)
    }
}
