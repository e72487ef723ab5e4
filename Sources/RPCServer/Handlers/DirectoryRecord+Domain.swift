internal import Cryptography
internal import Identity
internal import MariaDB
internal import Wire

// What users have in common, in the wire's terms and in the domain's.

extension Wire.DirectoryRecord {
    init(_ record: Identity.DirectoryRecord) {
        self.init()
        switch record {
        case .schema(let found): attributes = found.map { Attribute($0, isFilling: false) }
        case .role(let found): role = Wire.CollectiveRecord(found)
        case .group(let found): group = Wire.CollectiveRecord(found)
        }
    }

    /// Throws `FlowError` for what is not just one thing.
    func domain() throws(FlowError) -> Identity.DirectoryRecord {
        switch (role, group, attributes.isEmpty) {
        case (let role?, nil, true): return .role(Identity.CollectiveRecord(role))
        case (nil, let group?, true): return .group(Identity.CollectiveRecord(group))
        case (nil, nil, false):
            var found: [ProfileAttribute] = []
            for (index, attribute) in attributes.enumerated() {
                found.append(try attribute.domain("attributes[\(index)]"))
            }
            return .schema(found)
        default: throw RequestFields.invalid("directory", "must be a role, a group or attributes")
        }
    }
}

extension Wire.CollectiveRecord {
    fileprivate init(_ record: Identity.CollectiveRecord) {
        self.init(
            id: record.id,
            name: record.name,
            description: record.description,
            assuranceDemand: Wire.AssuranceDemand(record.demand),
            revision: record.revision,
            createTime: record.createdAt?.wire,
            updateTime: record.updatedAt?.wire,
            roles: record.roles.map(MembershipRecord.init),
            parents: record.parents.map(MembershipRecord.init)
        )
    }
}

extension Identity.CollectiveRecord {
    fileprivate init(_ wire: Wire.CollectiveRecord) {
        self.init(name: wire.name)
        id = wire.id
        description = wire.description
        demand = wire.assuranceDemand.domain
        revision = wire.revision
        createdAt = wire.createTime?.domain
        updatedAt = wire.updateTime?.domain
        roles = wire.roles.map(Identity.UserRecord.Membership.init)
        parents = wire.parents.map(Identity.UserRecord.Membership.init)
    }
}

extension Identity.ImportRow {
    /// A row without a user.
    init(number: UInt64, _ wire: Wire.DirectoryRecord) {
        let digest = SHA256.digest(of: wire.encoded())
        do throws(FlowError) {
            self.init(number: number, record: .init(), digest: digest)
            directory = try wire.domain()
        } catch {
            self.init(number: number, record: .init(), digest: digest, problems: error.asProblems)
        }
    }
}
