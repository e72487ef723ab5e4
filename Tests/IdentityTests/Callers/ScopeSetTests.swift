import Testing

@testable import Identity

@Suite struct ScopeSetTests {
    @Test func `rights are what is listed, an area, or everything`() throws {
        let exact = try #require(ScopeSet(["users.read"]))
        #expect(exact.allows("users.read"))
        for other in ["users.write", "users", "users.*", "users.readx", "USERS.READ", "", "*", "public", "sign_in"] {
            #expect(!exact.allows(other), "\(other)")
        }
        let area = try #require(ScopeSet(["sessions.*"]))
        #expect(area.allows("sessions.read") && area.allows("sessions.validate"))
        #expect(!area.allows("sessions") && !area.allows("users.read") && !area.allows("sign_in"))
        #expect(ScopeSet.all.allows("anything.new"))
        for permission in Permission.allCases { #expect(!ScopeSet.none.allows(permission.rawValue)) }
    }

    @Test func `scopes that nothing answers to are refused`() {
        for bad in [
            "users", "users.", ".*", "*.*", "users.*.*", "user.*", "sign_in.*", "public", "", " ", "users.read ",
            "users.READ",
        ] {
            #expect(ScopeSet([bad]) == nil, "\(bad)")
            #expect(ScopeSet.unknown(among: ["users.read", bad]) == [bad])
        }
    }

    @Test func `one set covers another when it grants all of it, now and later`() throws {
        func set(_ names: String...) throws -> ScopeSet { try #require(ScopeSet(names)) }
        #expect(try set("*").covers(set("*")))
        #expect(try set("*").covers(set("users.*", "sign_in")))
        #expect(try set("users.*").covers(set("users.read", "users.write")))
        #expect(try set("users.*").covers(set("users.*")))
        #expect(try !set("users.read", "users.write").covers(set("users.*")))
        #expect(try !set("users.*", "sessions.*", "service_accounts.*", "sign_in", "server.read").covers(set("*")))
        #expect(try !set("users.read").covers(set("users.write")))
        #expect(try set("users.read").covers(.none))
        #expect(try !ScopeSet.none.covers(set("users.read")))
    }

    @Test func `what is stored reads back the same, and forgets what it does not know`() throws {
        for names in [["*"], ["users.*", "sign_in"], [], ["users.read", "*"]] {
            let scopes = try #require(ScopeSet(names))
            #expect(ScopeSet(stored: scopes.stored) == scopes)
        }
        #expect(ScopeSet(stored: "users.read future.power").names == ["users.read"])
    }
}
