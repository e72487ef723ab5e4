internal import Identity
internal import MariaDB
internal import Wire

// Roles, groups and who has them, in the wire's terms.

extension Wire.Role {
    init(_ role: Identity.Role) {
        self.init(
            id: role.id.description,
            name: role.name,
            description: role.description,
            assuranceDemand: Wire.AssuranceDemand(role.demand),
            revision: role.revision,
            createTime: role.createdAt.wire,
            updateTime: role.updatedAt.wire
        )
    }
}

extension Wire.Group {
    init(_ group: Identity.Group) {
        self.init(
            id: group.id.description,
            name: group.name,
            description: group.description,
            assuranceDemand: Wire.AssuranceDemand(group.demand),
            revision: group.revision,
            createTime: group.createdAt.wire,
            updateTime: group.updatedAt.wire
        )
    }
}

extension Wire.AssuranceDemand {
    init(_ demand: Identity.AssuranceDemand) {
        self =
            switch demand {
            case .nothing: .unspecified
            case .aal2: .aal2
            case .passkey: .passkey
            }
    }

    var domain: Identity.AssuranceDemand {
        switch self {
        case .unspecified: .nothing
        case .aal2: .aal2
        case .passkey: .passkey
        }
    }
}

extension CollectiveChanges {
    /// What an update mask of a role or group may name.
    static let paths: Set = ["name", "description", "assurance_demand"]

    init(_ mask: Set<String>, name: String, description: String, demand: Wire.AssuranceDemand) {
        self.init(
            name: mask.contains("name") ? name : nil,
            description: mask.contains("description") ? description : nil,
            demand: mask.contains("assurance_demand") ? demand.domain : nil
        )
    }
}
