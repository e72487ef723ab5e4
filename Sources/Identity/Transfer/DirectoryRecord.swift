package import MariaDB

/// Something that users have in common, on the way into the server or out of it: nothing in it is checked.
package enum DirectoryRecord: Sendable {
    /// All attributes of the schema of profiles, those before their sub-attributes.
    case schema([ProfileAttribute])
    case role(CollectiveRecord)
    case group(CollectiveRecord)
}

/// A role or group as the other side has it, known again by its name.
package struct CollectiveRecord: Sendable {
    /// A UUID as text; empty for a new one.
    package var id = ""
    package var name: String
    package var description = ""
    package var demand = AssuranceDemand.nothing
    package var revision: UInt64 = 0
    package var createdAt: Timestamp?
    package var updatedAt: Timestamp?
    /// What a group gives its members.
    package var roles: [UserRecord.Membership] = []
    /// What a group is nested in.
    package var parents: [UserRecord.Membership] = []

    package init(name: String) {
        self.name = name
    }

    /// A record of which everything was read and found good.
    struct Checked: Sendable {
        let record: CollectiveRecord
        let id: [UInt8]?
        let name: UniqueName
        let description: String
        let roles: [CheckedRecord.Membership]
        let parents: [CheckedRecord.Membership]
    }
}

extension CollectiveRecord {
    init<Kind: CollectiveKind>(_ item: Collective<Kind>) {
        self.init(name: item.name)
        id = item.id.description
        description = item.description
        demand = item.demand
        revision = item.revision
        createdAt = item.createdAt
        updatedAt = item.updatedAt
    }
}
