import Cryptography
import JSON
import MariaDB
import Testing

@testable import Identity

/// What users have in common: exported, wiped and imported, it is what it was.
@Suite(.serialized) struct DirectoryTransferTests {
    private static let tables = ["roles", "user_groups", "group_edges", "group_closure", "group_roles"]

    private func rows(_ records: [DirectoryRecord]) -> [ImportRow] {
        records.enumerated().map { index, record in
            var row = ImportRow(number: UInt64(index + 1), record: .init(), digest: SHA256.digest(of: []))
            row.directory = record
            return row
        }
    }

    private func load(
        _ records: [DirectoryRecord],
        _ world: CoreWorld,
        _ options: ImportOptions = ImportOptions(),
        _ scopes: [String] = ["*"]
    ) async throws -> [ImportResult.Outcome] {
        let caller = world.caller(scopes)
        return try await world.core.imports.begin(options, caller).write(rows(records), caller).map(\.outcome)
    }

    private func directory(_ world: CoreWorld) async throws -> [DirectoryRecord] {
        var found: [DirectoryRecord] = []
        for batch in try await world.exportWhole() {
            if case .directory(let records) = batch { found += records }
        }
        return found
    }

    private func dump(_ world: CoreWorld) async throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        for table in Self.tables {
            let columns = try await world.texts(
                """
                SELECT CONCAT('IFNULL(HEX(', column_name, '), ''-'')') FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = '\(table)' ORDER BY ordinal_position
                """
            )
            found[table] = try await world.texts(
                "SELECT CONCAT_WS('|', \(columns.joined(separator: ", "))) AS line FROM \(table) ORDER BY line"
            )
        }
        return found
    }

    /// Groups in a diamond with roles, and attributes of every kind.
    private func fill(_ world: CoreWorld) async throws {
        let core = world.core
        try await SearchPerson.prepare(world)
        try await world.put(try attribute("family_name", .string) { $0.displayName = "Nachname" })
        var roles: [RoleID] = []
        for (name, demand) in [("Editor", AssuranceDemand.nothing), ("Chief", .passkey)] {
            roles.append(try await core.roles.create(name: name, description: "d", demand: demand, world.system).id)
        }
        _ = try await core.roles.update(roles[0], CollectiveChanges(description: "may write"), world.system)
        var groups: [GroupID] = []
        // The last one is made before what it is in, to be put behind it.
        for name in ["leaf", "left", "right", "Top"] {
            groups.append(try await core.groups.create(name: name, world.system).id)
            world.clock.advance(.seconds(1))
        }
        for (parent, child) in [(1, 0), (2, 0), (3, 1), (3, 2)] {
            let edge = GroupEdge(parent: groups[parent], child: groups[child])
            try await core.membership.nest(edge, world.system)
        }
        let terms = AssignmentTerms(mayGrant: true, expiresAt: world.clock.now() + .seconds(86_400))
        _ = try await core.membership.give(roles[0], to: groups[1], on: terms, world.system)
        _ = try await core.membership.give(roles[1], to: groups[3], world.system)
    }

    private func wipe(_ world: CoreWorld) async throws {
        for table in ["users", "group_edges", "user_groups", "roles", "profile_schemas", "profile_tasks"] {
            try await world.run("DELETE FROM \(table)")
        }
        try await world.run("UPDATE guards SET version = 1 WHERE name = 'profile_schema'")
    }

    @Test func `exporting, wiping and importing gives equal roles, groups, attributes and users`() async throws {
        try await withCore { first in
            try await fill(first)
            let user = try await first.makeUser("ada@example.com")
            try await first.set(#"{"name":"Ada","age":36,"tags":["red"],"desks":[{"floor":2}]}"#, of: user)
            let group = try await first.core.groups.find(name: "LEAF", first.system)
            _ = try await first.core.membership.add(user.id, to: group.id, first.system)
            let before = (try await dump(first), try await first.everything())
            let batches = try await first.exportWhole()
            let schema = try await first.core.profileSchema.get(first.system).schema.attributes
            try await withCore { second in
                for batch in batches {
                    switch batch {
                    case .directory(let records):
                        let outcomes = try await load(records, second)
                        #expect(outcomes == records.map { _ in .created }, "\(outcomes)")
                    case .users(let records):
                        #expect(try await second.load(records).map(\.outcome) == [.created])
                    }
                }
                #expect(try await dump(second) == before.0)
                let imported = try await second.core.profileSchema.get(second.system).schema.attributes
                #expect(imported.map(plain) == schema.map(plain))
                // Numbers of attributes are each server's own.
                for (table, rows) in try await second.everything() where !table.hasPrefix("profile_") {
                    #expect(rows == before.1[table], "\(table)")
                }
                // Again, and nothing changes.
                let again = try await load(try await directory(first), second)
                #expect(again.allSatisfy { $0 == .unchanged }, "\(again)")
                #expect(try await dump(second) == before.0)
            }
        }
    }

    /// An attribute without its number.
    private func plain(_ attribute: ProfileAttribute) -> ProfileAttribute {
        var attribute = attribute
        attribute.number = 0
        return attribute
    }

    @Test func `a dry run writes nothing, and knows what it would have written`() async throws {
        try await withCore { world in
            try await fill(world)
            let records = try await directory(world)
            try await wipe(world)
            let caller = world.caller(["*"])
            let options = ImportOptions(isDryRun: true)
            let run = try world.core.imports.begin(options, caller)
            #expect(try await run.write(rows(records), caller).allSatisfy { $0.outcome == .created })
            let user = userRecord("a@example.com") { record in
                record.roles = [.init(name: "editor")]
                record.groups = [.init(name: "TOP")]
                record.profile = .object([.init(name: "age", value: .number("4"))])
            }
            let unknown = userRecord("b@example.com") { $0.roles = [.init(name: "nobody's")] }
            let results = try await run.write(world.rows([user, unknown]), caller)
            #expect(results[0].outcome == .created && results[1].outcome.isFailure, "\(results)")
            #expect(try await dump(world).values.allSatisfy(\.isEmpty))
            #expect(try await world.number("SELECT version FROM guards WHERE name = 'profile_schema'") == 1)
        }
    }

    @Test func `what is there and differs fails, stays or is overwritten as was asked for`() async throws {
        try await withCore { world in
            try await fill(world)
            var role = CollectiveRecord(name: "EDITOR")
            role.description = "may do more"
            var group = CollectiveRecord(name: "right")
            group.roles = [.init(name: "editor")]
            var age = try attribute("age", .integer)
            age.rules.minimum = "0"
            let records: [DirectoryRecord] = [.role(role), .group(group), .schema([age])]
            let before = try await dump(world)
            let failed = try await load(records, world)
            #expect(failed.map { $0.problems.first?.reason } == [.roleNameTaken, .groupNameTaken, .attributeTaken])
            #expect(try await load(records, world, ImportOptions(conflict: .skip)) == [.skipped, .skipped, .skipped])
            #expect(try await dump(world) == before)
            let overwrite = ImportOptions(conflict: .overwrite)
            #expect(try await load(records, world, overwrite) == [.overwritten, .overwritten, .overwritten])
            let editor = try await world.core.roles.find(name: "editor", world.system)
            #expect(editor.description == "may do more" && editor.name == "Editor")
            let right = try await world.core.groups.find(name: "right", world.system)
            let roles = try await world.core.membership.roles(of: right.id, isEffective: false, world.system)
            #expect(roles.map(\.role) == [editor.id])
        }
    }

    @Test func `a broken record is named, and nothing of it is written`() async throws {
        try await withCore { world in
            try await fill(world)
            let before = try await dump(world)
            var (unknown, circle, id, nameless) = (
                CollectiveRecord(name: "new"), CollectiveRecord(name: "Top"), CollectiveRecord(name: "new"),
                CollectiveRecord(name: " ")
            )
            unknown.roles = [.init(name: "editor"), .init(name: "nobody's")]
            unknown.parents = [.init(name: "nowhere")]
            circle.parents = [.init(name: "leaf")]
            id.id = try await world.core.groups.find(name: "left", world.system).id.description
            nameless.description = String(repeating: "x", count: 501)
            nameless.id = "x"
            var kind = try attribute("age", .string)
            kind.rules.maximumLength = 10
            let records: [DirectoryRecord] = [
                .group(unknown), .group(circle), .group(id), .role(nameless), .schema([kind]),
            ]
            let outcomes = try await load(records, world, ImportOptions(conflict: .overwrite))
            #expect(outcomes.allSatisfy { $0.isFailure })
            #expect(outcomes[0].problems.map(\.field) == ["roles[1].name", "parents[0].name"])
            #expect(outcomes[1].problems.map(\.reason) == [.groupCycle])
            #expect(outcomes[2].problems.map(\.field) == ["id"])
            #expect(Set(outcomes[3].problems.map(\.field)) == ["name", "description", "id"])
            #expect(try await dump(world) == before)
        }
    }

    @Test func `who may not make roles or change the schema imports neither`() async throws {
        try await withCore { world in
            let records: [DirectoryRecord] = [
                .role(CollectiveRecord(name: "r")), .schema([try attribute("shoe", .integer)]),
            ]
            #expect(try await load(records, world, ImportOptions(), ["users.import"]).allSatisfy(\.isFailure))
            let parts = ["users.import", "membership.write", "profile_schema.write"]
            var kept = CollectiveRecord(name: "r")
            kept.id = UserID.sample
            kept.revision = 9
            #expect(try await load([.role(kept), records[1]], world, ImportOptions(), parts) == [.created, .created])
            // Ids and revisions are an administrator's to say.
            let role = try await world.core.roles.find(name: "r", world.system)
            #expect(role.id.description != UserID.sample && role.revision == 1)
        }
    }

    @Test func `what was made since the directory was read is left out of an export`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let old = try await world.core.roles.create(name: "old", world.system).id
            _ = try await world.core.membership.give(old, to: user.id, world.system)
            var users: [UserRecord] = []
            try await world.core.exports.all(withSecrets: false, after: nil, world.caller(["*"])) { batch in
                switch batch {
                case .directory:
                    let new = try await world.core.roles.create(name: "new", world.system).id
                    _ = try await world.core.membership.give(new, to: user.id, world.system)
                    let renamed = CollectiveChanges(name: "renamed")
                    _ = try await world.core.roles.update(old, renamed, world.system)
                case .users(let records): users += records
                }
            }
            #expect(users.map { $0.roles.map(\.name) } == [["old"]])
        }
    }
}
