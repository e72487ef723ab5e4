import Cryptography
import Passwords
import Testing

@testable import Identity

/// Passwords of which another system had a hash (SECURITY PW-06, PW-08, PW-09, PW-17).
struct PasswordImportTests {
    private let address = "ada@example.com"

    /// One record of every kind, with its password.
    private static let records = [
        ("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password"),
        ("$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY", "password"),
        ("$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$4NVqftwz0sJgdOK5ETEhI5Snmvj2KS+3k6h0Sx1sIPQ", "my password"),
        ("$pbkdf2-sha256$1000$../77/vv../77/vv../77w$mllVZiGMBMNKN5C4IoWq6a4.EJebsYBhXDKRKZzVswE", "my password"),
        ("pbkdf2_sha256$1000$seasalt12345$yzHzkvpIKUP1X4+PXIngjCdVWUBKAGbq9BQ92YNZd6E=", "my password"),
        ("$2b$04$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS", "my password"),
        ("$2y$04$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS", "my password"),
        ("$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5", "Hello world!"),
        (
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
            "Hello world!"
        ),
        ("AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==", "my password"),
        ("AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==", "my password"),
        ("AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg/Q8A0WMKbtHQJQ2DHCdoEeeFBrgNlldq6vH4qX/CGqGQ==", "my password"),
    ]

    @Test(arguments: records)
    func `the first right sign-in hashes an imported password anew, and no wrong one does`(
        record: String,
        password: String
    ) async throws {
        // Eight characters are enough, so that signing in needs nothing beside them.
        let world = try await Self.world(minimum: 8)
        let user = try await world.migrated(address, record)
        #expect(try await world.tryPassword("wrong", of: address).outcome.shape == .tryAgain)
        #expect(try await world.storedRecord() == record)
        #expect(try await world.signInByPassword(address, password).session.userID == user)
        let renewed = try await world.storedRecord()
        #expect(renewed.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
        #expect(
            try await world.number("SELECT COUNT(*) FROM passwords WHERE pepper_key_id = 1 AND normalization = 1") == 1
        )
        #expect(try await world.signInByPassword(address, password).session.userID == user)
        #expect(try await world.storedRecord() == renewed, "once is enough")
    }

    private static func world(minimum: Int, listed: [String] = []) async throws -> SignInWorld {
        let policy = try #require(
            PasswordPolicy(minimumAlone: minimum, blocklists: [Blocklist(passwords: listed)], siteNames: [])
        )
        return try await SignInWorld.withPasswords { $0.passwords.policy = policy }
    }

    @Test func `a short imported password needs a code beside it from the first sign-in on`() async throws {
        let world = try await Self.world(minimum: 15)
        _ = try await world.migrated(address, Self.records[0].0)
        #expect(try await world.tryPassword("password", of: address).outcome.shape == .proceed)
        #expect(try await world.tryPassword("password", of: address).outcome.shape == .proceed)
    }

    @Test func `an imported password that is on a list lets nobody in, and its owner sets another one`() async throws {
        let world = try await Self.world(minimum: 8, listed: ["Password"])
        let user = try await world.migrated(address, Self.records[0].0)
        for _ in 0..<2 {
            #expect(try await world.tryPassword("password", of: address).outcome.shape == .tryAgain)
        }
        let notices = try await world.notices(to: address)
        #expect(notices.count { $0 == "Your password must be set anew at Gatehouse" } == 1, "\(notices)")
        world.clock.advance(.seconds(3600))
        let session = try await world.signInCompletely(address).session
        let next = SecretBytes(utf8: "gravel umpire")
        try await world.core.passwords.set(next, current: nil, world.person(session))
        #expect(try await world.signInByPassword(address, "gravel umpire").session.userID == user)
    }

    @Test func `a record of lower cost is made anew, and of a pepper of before too`() async throws {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address)
        let costlier = try #require(Argon2Parameters(memory: 16, passes: 2, lanes: 1))
        let other = try SignInWorld(world.configuration, clock: world.clock, post: world.post) {
            $0.passwords = world.core.parts.policy.passwords
            $0.passwords.hashing.parameters = costlier
        }
        _ = try await other.signInByPassword(address)
        #expect(try await world.storedRecord().hasPrefix("$argon2id$v=19$m=16,t=2,p=1$"))
    }

    @Test func `fifty first sign-ins at once all get in, and leave one record`() async throws {
        let world = try await Self.world(minimum: 8)
        _ = try await world.migrated(address, Self.records[5].0)
        let shapes = await withTaskGroup(of: OutcomeShape?.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let browser = world.browser("203.0.\(number).1")
                    return try? await world.tryPassword("my password", of: address, browser).outcome.shape
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(shapes.contains(.signedIn))
        #expect(shapes.allSatisfy { $0 == .signedIn || $0 == .throttled })
        #expect(try await world.number("SELECT COUNT(*) FROM passwords") == 1)
    }

    @Test(arguments: [
        "", "password", "$1$salt$hash", "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$", "$pbkdf2-sha256$2147483648$abcd$abcd",
        "$2b$31$abcdefghijklmnopqrstuu",
        "AQAAAAEAACcQ/////wABAgMEBQYHCAkKCwwNDg==",
    ])
    func `what is no record, or would cost too much, is not taken`(record: String) async throws {
        let world = try await SignInWorld.withPasswords()
        let user = try await world.makeUser(address)
        await expectRefusal(.passwordRecordInvalid) {
            try await world.core.passwords.importRecord(record, of: user, world.administrator)
        }
        #expect(try await world.number("SELECT COUNT(*) FROM passwords") == 0)
    }

    @Test func `a password is never replaced by an imported one, and imports are a right of their own`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.userWithPassword(address)
        let record = Self.records[0].0
        await expectRefusal(.tooManyAuthenticators) {
            try await world.core.passwords.importRecord(record, of: session.userID, world.administrator)
        }
        await expectRefusal(.permissionMissing) {
            try await world.core.passwords.importRecord(record, of: session.userID, world.person(session))
        }
        let nobody = UserID.make(at: world.clock.now(), random: SystemRandom())
        await expectRefusal(.notFound) {
            try await world.core.passwords.importRecord(record, of: nobody, world.administrator)
        }
        let without = try await SignInWorld()
        await expectRefusal(.passwordsOff) {
            try await without.core.passwords.importRecord(record, of: nobody, without.administrator)
        }
    }

    /// SECURITY PW-15, ADM-09.
    @Test func `whoever removes a password imports no other one, whatever was forgotten since`() async throws {
        let world = try await SignInWorld.withPasswords()
        let record = Self.records[0].0
        let passwords = world.core.passwords
        let ada = try await world.userWithPassword(address).userID
        try await passwords.remove(of: ada, evenIfLastWayIn: true, world.administrator)
        let bob = try await world.makeUser("bob@example.com")
        let eve = try await world.migrated("eve@example.com", record)
        try await passwords.remove(of: eve, evenIfLastWayIn: true, world.administrator)
        let forgotten = [
            "DO 0", "DELETE FROM sessions", "DELETE FROM devices", "UPDATE user_identifiers SET verified_at = NULL",
        ]
        for statement in forgotten {
            try world.run(statement)
            for user in [ada, bob, eve] {
                let refusal = await expectRefusal(.passwordImportRefused) {
                    try await passwords.importRecord(record, of: user, world.administrator)
                }
                #expect(refusal?.code == .failedPrecondition)
            }
        }
        #expect(try await world.number("SELECT COUNT(*) FROM passwords") == 0)
    }

    /// SECURITY PW-17.
    @Test func `a longer password than bcrypt reads is not taken for its beginning`() async throws {
        let world = try await Self.world(minimum: 8)
        let whole = String(repeating: "0123456789abcdef", count: 4) + "01234567"
        // Made by libcrypt of the 72 bytes.
        let record = "$2b$04$abcdefghijklmnopqrstuuWTSHkTgWdsWag7rtSY2APXG6jxP2cuq"
        let user = try await world.migrated(address, record)
        #expect(try await world.tryPassword(whole + "x", of: address).outcome.shape == .tryAgain)
        #expect(try await world.signInByPassword(address, whole).session.userID == user)
    }
}

extension SignInWorld {
    /// A person whose password another system had a hash of, and who has proved the address since; an hour passes.
    fileprivate func migrated(_ address: String, _ record: String) async throws -> UserID {
        let name = NewIdentifier(kind: .email, value: address)
        let user = try await core.users.create(NewUser(identifiers: [name]), administrator)
        try await core.passwords.importRecord(record, of: user.id, administrator)
        try run("UPDATE user_identifiers SET verified_at = NOW(6) WHERE canonical = '\(address)'")
        await worker.deliverDue()
        clock.advance(.seconds(3600))
        return user.id
    }
}
