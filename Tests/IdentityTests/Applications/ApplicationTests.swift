import MariaDB
import Testing

@testable import Identity

/// Applications as data.
@Suite(.serialized) struct ApplicationTests {
    @Test(arguments: [
        "https://shop.example.com/", "https://shop.example.com/callback?tenant=1", "https://shop.example.com:8443/cb",
        "http://localhost:3000/cb", "http://app.localhost/cb", "http://127.0.0.1:8000/cb", "http://[::1]:8000/cb",
        "https://xn--e1afmkfd.example/cb", "https://[2001:db8::1]/cb",
    ])
    func `an exact address of the web is taken`(text: String) {
        #expect(ApplicationAddress(text)?.text == text)
    }

    /// SECURITY WEB-02.
    @Test(arguments: [
        "", "/", "//evil", "https:evil", "https:/evil/", "https:///evil", "https://", "https://shop.example.com",
        "http://shop.example.com/", "http://127.example.com/", "http://localhost.evil/", "https://good@evil/",
        "https://evil\\@good/", "https://good/\\evil", "https://Shop.example.com/", "HTTPS://shop.example.com/",
        "https://shop.example.com/#part", "https://shop.example.com/ x", "https://shop.example.com/\u{301}",
        "https://shop.example.com/\r\nX:y", "https://shop.example.com:/", "https://shop.example.com:70000/",
        "https://shop.example.com:8a/", "https://shop.example.com:+1/", "javascript:alert(1)", "data:text/html,x",
        "shop://callback/", "https://*.example.com/", "https://%65vil/", "https://shop.example.com?x/",
        "https://shop.example.com/\"x", "https://shop.example.com/<x>",
    ])
    func `what could lead elsewhere is no address`(text: String) {
        #expect(ApplicationAddress(text) == nil)
    }

    @Test func `an address has at most 500 bytes`() {
        let start = "https://shop.example.com/"
        #expect(ApplicationAddress(start + String(repeating: "a", count: 500 - start.utf8.count)) != nil)
        #expect(ApplicationAddress(start + String(repeating: "a", count: 501 - start.utf8.count)) == nil)
    }

    @Test func `an application is registered, changed with its revision, listed and deleted`() async throws {
        try await withCore { world in
            let applications = world.core.applications
            let shop = try await world.makeShop().application
            #expect(shop.revision == 1 && shop.isServed && !shop.allowsMissingChallenge && shop.demand == .nothing)
            #expect(try await applications.get(shop.id, world.system) == shop)
            await expectRefusal(.applicationNameTaken) {
                var fields = ApplicationChanges()
                fields.name = "SHOP"
                fields.returnAddresses = [Shop.address]
                return try await applications.create(fields, world.system)
            }
            var changes = ApplicationChanges()
            changes.signedOutAddresses = ["https://shop.example.com/bye"]
            changes.demand = .passkey
            await expectRefusal(.revisionConflict) {
                try await applications.update(shop.id, changes, expectedRevision: 2, world.system)
            }
            let changed = try await applications.update(shop.id, changes, expectedRevision: 1, world.system)
            #expect(changed.revision == 2 && changed.demand == .passkey && changed.returnAddresses == [Shop.address])
            #expect(try await applications.update(shop.id, changes, world.system).revision == 2)
            // They stand in the order of their making.
            world.clock.advance(.seconds(1))
            _ = try await world.makeShop("Second")
            let page = try await applications.list(PageRequest(size: 1), world.system)
            #expect(page.items == [changed] && page.nextPageToken != nil)
            try await applications.delete(shop.id, world.system)
            await expectRefusal(.notFound) { try await applications.get(shop.id, world.system) }
            #expect(try await world.events(.applicationCreated) == 2)
            #expect(try await world.events(.applicationUpdated) == 1)
            #expect(try await world.events(.applicationDeleted) == 1)
        }
    }

    @Test func `what is wrong is told by its field, and rights are asked for`() async throws {
        try await withCore { world in
            let applications = world.core.applications
            func create(_ change: (inout ApplicationChanges) -> Void) async -> FlowError? {
                var fields = ApplicationChanges()
                fields.name = "x"
                fields.returnAddresses = [Shop.address]
                change(&fields)
                do throws(FlowError) {
                    _ = try await applications.create(fields, world.system)
                    return nil
                } catch {
                    return error
                }
            }
            let wrong: [(String, (inout ApplicationChanges) -> Void)] = [
                ("name", { $0.name = nil }), ("return_addresses", { $0.returnAddresses = nil }),
                ("return_addresses", { $0.returnAddresses = [] }),
                ("return_addresses[1]", { $0.returnAddresses?.append("https://evil") }),
                ("return_addresses", { $0.returnAddresses?.append(Shop.address) }),
                ("signed_out_addresses[0]", { $0.signedOutAddresses = ["x"] }),
                ("claim_scopes", { $0.claimScopes = ["a b"] }),
                ("service_account_id", { $0.redeemer = .account(.zero) }),
            ]
            for (field, change) in wrong {
                guard case .invalidInput(let problems) = await create(change)?.code else {
                    Issue.record("\(field) was taken")
                    continue
                }
                #expect(problems.map(\.field) == [field])
            }
            await expectRefusal(.permissionMissing) {
                try await applications.create(ApplicationChanges(), world.caller(["applications.read"]))
            }
            await expectRefusal(.permissionMissing) {
                try await applications.list(PageRequest(), world.caller(["users.*"]))
            }
        }
    }

    @Test func `nothing is handed over any more when the service account is deleted`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let account = try #require(shop.application.serviceAccountID)
            try await world.core.serviceAccounts.delete(account, world.system)
            #expect(try await world.core.applications.get(shop.application.id, world.system).isServed == false)
        }
    }

    @Test func `signing out leads to what is registered for that only`() async throws {
        try await withCore { world in
            let bye = "https://shop.example.com/bye"
            let shop = try await world.makeShop { $0.signedOutAddresses = [bye] }
            let tickets = world.core.tickets
            let id = shop.application.id.description
            let context = world.anonymous()
            #expect(try await tickets.signedOutTarget(application: id, address: bye, context) == "Shop")
            #expect(try await tickets.signedOutTarget(application: id, address: Shop.address, context) == nil)
            #expect(try await tickets.signedOutTarget(application: "x", address: bye, context) == nil)
            let other = UserID.zero.description
            #expect(try await tickets.signedOutTarget(application: other, address: bye, context) == nil)
        }
    }
}
