import MariaDB

/// Reads what users have in common.
struct ExportDirectory {
    let parts: CoreParts
    let transaction: Transaction

    /// All of it, and what roles and groups are called.
    struct Found: Sendable {
        var records: [DirectoryRecord] = []
        var roles: [RoleID: String] = [:]
        var groups: [GroupID: String] = [:]
    }

    func read() throws -> Found {
        var found = Found()
        let schema = try parts.profileSchemas.current(transaction)
        let attributes = schema.attributes.sorted {
            ($0.path.codes.count, $0.path.description) < ($1.path.codes.count, $1.path.description)
        }
        if schema.version != ProfileSchema.initial.version { found.records.append(.schema(attributes)) }
        for role in try all(of: IDKind.Role.self) {
            found.roles[role.id] = role.name
            found.records.append(.role(CollectiveRecord(role)))
        }
        let groups = try all(of: IDKind.Group.self)
        for group in groups { found.groups[group.id] = group.name }
        found.records += try records(of: groups, found).map(DirectoryRecord.group)
        return found
    }

    private func all<Kind: CollectiveKind>(of _: Kind.Type) throws -> [Collective<Kind>] {
        var all: [Collective<Kind>] = []
        while true {
            let page = try transaction.all(ListCollectives<Kind>(after: all.last?.id ?? .zero, limit: 500))
            all += page
            if page.count < 500 { return all }
        }
    }

    /// Groups with what they give and what they are in, each after those it is in.
    private func records(of groups: [Group], _ found: Found) throws -> [CollectiveRecord] {
        guard let last = groups.last?.id else { return [] }
        let range = ExportRange(after: .zero, last: UserID(exactly: last.bytes))
        let roles = try transaction.byUser(ExportMemberships<AssignmentKinds.RoleOfGroup>(range: range))
        let parents = try transaction.byUser(ExportNesting(range: range))
        var records: [GroupID: CollectiveRecord] = [:]
        for group in groups {
            let key = UserID(exactly: group.id.bytes)
            var record = CollectiveRecord(group)
            record.roles = (roles[key] ?? []).compactMap { $0.named(found.roles) }.sorted { $0.name < $1.name }
            record.parents = (parents[key] ?? []).compactMap { $0.named(found.groups) }.sorted { $0.name < $1.name }
            records[group.id] = record
        }
        let above = parents.mapValues { $0.map(\.id) }
        return Self.ordered(groups.map(\.id)) { above[UserID(exactly: $0.bytes)] ?? [] }.compactMap { records[$0] }
    }

    /// Groups so that each stands behind those it is in; there are no circles.
    private static func ordered(_ groups: [GroupID], parents: (GroupID) -> [GroupID]) -> [GroupID] {
        var (ordered, seen) = ([GroupID](), Set<GroupID>())
        for group in groups {
            // Without recursion: groups may nest deep.
            var open = [(group, false)]
            while let (next, isDone) = open.popLast() {
                if isDone {
                    ordered.append(next)
                } else if seen.insert(next).inserted {
                    open.append((next, true))
                    open += parents(next).map { ($0, false) }
                }
            }
        }
        return ordered
    }
}
