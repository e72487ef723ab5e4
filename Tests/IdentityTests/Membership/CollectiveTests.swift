import MariaDB
import Testing

@testable import Identity

/// Roles and groups as such: PRODUCT sections 1 and 4.
@Suite(.serialized) struct CollectiveTests {
    @Test func `a role is made, read, found, changed and deleted`() async throws {
        try await withCore { world in
            let roles = world.core.roles
            let made = try await roles.create(
                name: "  Editor ",
                description: "edits\npages",
                demand: .aal2,
                world.system
            )
            #expect(made.name == "Editor" && made.revision == 1 && made.demand == .aal2)
            #expect(try await roles.get(made.id, world.system) == made)
            for name in ["editor", " EDITOR", "Ｅditor"] {
                #expect(try await roles.find(name: name, world.system) == made)
            }
            await expectRefusal(.notFound) { try await roles.find(name: "edito", world.system) }
            world.clock.advance(.seconds(1))
            let changes = CollectiveChanges(description: "")
            let changed = try await roles.update(made.id, changes, expectedRevision: 1, world.system)
            #expect(changed.revision == 2 && changed.name == "Editor" && changed.demand == .aal2)
            #expect(changed.description.isEmpty && changed.updatedAt > made.updatedAt)
            #expect(try await roles.update(made.id, changes, world.system) == changed)
            let conflict = await expectRefusal(.revisionConflict) {
                try await roles.update(made.id, CollectiveChanges(name: "x"), expectedRevision: 1, world.system)
            }
            #expect(conflict?.code == .revisionConflict(current: 2))
            await expectRefusal(.revisionConflict) {
                try await roles.delete(made.id, expectedRevision: 1, world.system)
            }
            let gone = try await roles.delete(made.id, expectedRevision: 2, world.system)
            #expect(gone == DeletedRole(users: 0, groups: 0, serviceAccounts: 0))
            await expectRefusal(.notFound) { try await roles.delete(made.id, world.system) }
            await expectRefusal(.notFound) { try await roles.get(made.id, world.system) }
            for kind in [AuditEventKind.roleCreated, .roleUpdated, .roleDeleted] {
                #expect(try await world.events(kind) == 1)
            }
        }
    }

    @Test func `names are unique in any spelling, among roles and among groups`() async throws {
        try await withCore { world in
            let (roles, groups) = (world.core.roles, world.core.groups)
            let role = try await roles.create(name: "Straße", world.system)
            let other = try await roles.create(name: "other", world.system)
            let group = try await groups.create(name: "Straße", world.system)
            for name in ["STRASSE", "straße ", "ＳtraSSe"] {
                let refusal = await expectRefusal(.roleNameTaken) { try await roles.create(name: name, world.system) }
                #expect(refusal?.field == "name" && refusal?.code == .alreadyExists)
                await expectRefusal(.groupNameTaken) { try await groups.create(name: name, world.system) }
                await expectRefusal(.roleNameTaken) {
                    try await roles.update(other.id, CollectiveChanges(name: name), world.system)
                }
            }
            // A name in another spelling stays one's own.
            #expect(try await roles.update(role.id, CollectiveChanges(name: "STRASSE"), world.system).name == "STRASSE")
            #expect(try await groups.get(group.id, world.system).name == "Straße")
            for name in ["", "  ", "a\u{0}", "a\nb", "a\u{200B}b", String(repeating: "x", count: 201)] {
                await expectRefusal(.fieldInvalid) { try await roles.create(name: name, world.system) }
            }
            _ = try await roles.create(name: String(repeating: "€", count: 200), world.system)
            await expectRefusal(.fieldInvalid) {
                try await groups.create(name: "g", description: String(repeating: "x", count: 501), world.system)
            }
            #expect(try await world.number("SELECT COUNT(*) FROM user_groups") == 1)
        }
    }

    @Test func `lists go by creation or name, either way, by prefix, and page by page`() async throws {
        try await withCore { world in
            let groups = world.core.groups
            for name in ["beta", "Alpha", "alpine", "ALP", "gamma", "alq", "zeta"] {
                world.clock.advance(.seconds(1))
                _ = try await groups.create(name: name, world.system)
            }
            func names(_ listing: CollectiveListing, by size: UInt32) async throws -> [String] {
                var names: [String] = []
                var token = ""
                repeat {
                    let page = try await groups.list(PageRequest(size: size, token: token), listing, world.system)
                    #expect(page.items.count <= Int(size))
                    names += page.items.map(\.name)
                    token = page.nextPageToken ?? ""
                } while !token.isEmpty
                return names
            }
            let created = ["beta", "Alpha", "alpine", "ALP", "gamma", "alq", "zeta"]
            let sorted = ["ALP", "Alpha", "alpine", "alq", "beta", "gamma", "zeta"]
            for size in [UInt32(1), 2, 3, 7, 50] {
                #expect(try await names(CollectiveListing(), by: size) == created)
                #expect(try await names(CollectiveListing(isDescending: true), by: size) == created.reversed())
                #expect(try await names(CollectiveListing(order: .name), by: size) == sorted)
                let down = CollectiveListing(order: .name, isDescending: true)
                #expect(try await names(down, by: size) == sorted.reversed())
                let prefix = try CollectiveListing(namePrefix: "aLp", orderBy: "")
                #expect(try await names(prefix, by: size) == ["ALP", "Alpha", "alpine"])
                let prefixDown = try CollectiveListing(namePrefix: "aLp", orderBy: "name desc")
                #expect(try await names(prefixDown, by: size) == ["alpine", "Alpha", "ALP"])
            }
        }
    }

    @Test func `what no index serves, and a token of another list, is refused by its field`() async throws {
        try await withCore { world in
            let groups = world.core.groups
            for name in ["a", "b", "c"] { _ = try await groups.create(name: name, world.system) }
            await expectRefusal(.fieldInvalid) { try CollectiveListing(namePrefix: "", orderBy: "description") }
            let refusal = await expectRefusal(.fieldInvalid) {
                let listing = try CollectiveListing(namePrefix: "a", orderBy: "create_time")
                return try await groups.list(PageRequest(), listing, world.system)
            }
            #expect(refusal?.message.contains("order_by") == true)
            let byName = CollectiveListing(order: .name)
            let token = try #require(try await groups.list(PageRequest(size: 1), byName, world.system).nextPageToken)
            let request = PageRequest(size: 1, token: token)
            #expect(try await groups.list(request, byName, world.system).items.map(\.name) == ["b"])
            await expectRefusal(.pageTokenInvalid) { try await groups.list(request, CollectiveListing(), world.system) }
            await expectRefusal(.pageTokenInvalid) { try await world.core.roles.list(request, byName, world.system) }
            let other = world.caller(["membership.read"])
            await expectRefusal(.pageTokenInvalid) { try await groups.list(request, byName, other) }
            await expectRefusal(.pageSizeInvalid) {
                try await groups.list(PageRequest(size: 1001), CollectiveListing(), world.system)
            }
            // The longest name leaves room in its token.
            let long = String(repeating: "\u{10400}", count: 200)
            _ = try await groups.create(name: long, world.system)
            _ = try await groups.create(name: long.dropLast() + "\u{10450}", world.system)
            let last = CollectiveListing(namePrefix: "\u{10400}", order: .name)
            let page = try await groups.list(PageRequest(size: 1), last, world.system)
            let next = PageRequest(size: 1, token: page.nextPageToken ?? "")
            #expect(try await groups.list(next, last, world.system).items.count == 1)
        }
    }

    @Test func `reading needs one scope and writing another, and people have neither`() async throws {
        try await withCore { world in
            let (roles, reader) = (world.core.roles, world.caller(["membership.read"]))
            let role = try await roles.create(name: "r", world.caller(["membership.*"]))
            #expect(try await roles.get(role.id, reader) == role)
            await expectRefusal(.permissionMissing) { try await roles.create(name: "x", reader) }
            await expectRefusal(.permissionMissing) { try await roles.delete(role.id, reader) }
            await expectRefusal(.permissionMissing) { try await roles.get(role.id, world.caller(["users.*"])) }
            await expectRefusal(.credentialsMissing) { try await roles.get(role.id, world.anonymous()) }
            let user = try await world.makeUser("a@example.com")
            let person = world.person(try await world.makeSession(of: user.id).session)
            await expectRefusal(.permissionMissing) { try await roles.create(name: "x", person) }
            await expectRefusal(.permissionMissing) { try await roles.list(PageRequest(), CollectiveListing(), person) }
        }
    }

    @Test func `the same key makes one role, and of many who want a name one gets it`() async throws {
        try await withCore(lanes: 8) { world in
            let roles = world.core.roles
            let keyed = world.keyed(world.system, "k")
            let first = try await roles.create(name: "once", keyed)
            #expect(try await roles.create(name: "once", keyed) == first)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try? await roles.create(name: "wanted", world.system) } }
            }
            #expect(try await world.number("SELECT COUNT(*) FROM roles") == 2)
            #expect(try await world.events(.roleCreated) == 2)
        }
    }
}
