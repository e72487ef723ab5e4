import MariaDB

/// Roles and groups of records: found by name, and given only by who may.
struct ImportMemberships {
    /// The roles and groups of one record.
    struct Resolved {
        var roles: [(id: RoleID, record: CheckedRecord.Membership)] = []
        var groups: [(id: GroupID, record: CheckedRecord.Membership)] = []
    }

    private let parts: CoreParts
    private let context: CallContext
    private let now: Timestamp
    private let refusal: FlowError?
    /// Of a dry run: what is not there to be found.
    private let memory: ImportMemory
    private var roles: [[UInt8]: RoleID] = [:]
    private var groups: [[UInt8]: GroupID] = [:]
    private var authority: Authority?

    init(parts: CoreParts, context: CallContext, at now: Timestamp, refusal: FlowError?, memory: ImportMemory) {
        self.parts = parts
        self.context = context
        self.now = now
        self.refusal = refusal
        self.memory = memory
    }

    /// Finds all names; from here on membership stays as it is until the transaction ends.
    mutating func lookUp(_ records: [CheckedRecord], _ transaction: Transaction) throws {
        let roleNames = Set(records.flatMap { $0.roles.map(\.name) })
        let groupNames = Set(records.flatMap { $0.groups.map(\.name) })
        guard refusal == nil, !roleNames.isEmpty || !groupNames.isEmpty else { return }
        try transaction.execute(TakeMembershipGuard())
        authority = try Authority(of: context, at: now, transaction)
        for name in roleNames {
            roles[name.canonical] = try transaction.first(CollectiveByName<IDKind.Role>(name: name))?.id
        }
        for name in groupNames {
            groups[name.canonical] = try transaction.first(CollectiveByName<IDKind.Group>(name: name))?.id
        }
    }

    /// What a record's names stand for; refused where one is unknown, or not the actor's to give.
    func resolve(_ record: CheckedRecord) throws(FlowError) -> Resolved {
        var resolved = Resolved()
        guard !record.roles.isEmpty || !record.groups.isEmpty else { return resolved }
        if let refusal { throw refusal }
        var problems: [FlowError.FieldProblem] = []
        for membership in record.roles {
            if let id = roles[membership.name.canonical] {
                try requireAuthority(over: id, membership)
                resolved.roles.append((id: id, record: membership))
            } else if !memory.knows(.role(membership.name.canonical)) {
                problems.append(membership.unknown("role"))
            }
        }
        for membership in record.groups {
            if let id = groups[membership.name.canonical] {
                try requireAuthority(over: id, membership)
                resolved.groups.append((id: id, record: membership))
            } else if !memory.knows(.group(membership.name.canonical)) {
                problems.append(membership.unknown("group"))
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        return resolved
    }

    private func requireAuthority<Kind>(
        over id: ID<Kind>,
        _ membership: CheckedRecord.Membership
    ) throws(FlowError) {
        let until = membership.record.terms.expiresAt
        do {
            if let role = id as? RoleID { try authority?.require(role, until: until) }
            if let group = id as? GroupID { try authority?.require(group, until: until) }
        } catch {
            let refusal = FlowError(any: error)
            throw FlowError(
                refusal.code,
                reason: refusal.reason,
                message: refusal.message,
                field: "\(membership.field).name",
                cause: error
            )
        }
    }
}

extension CheckedRecord.Membership {
    func unknown(_ noun: String) -> FlowError.FieldProblem {
        .init(field: "\(field).name", reason: .notFound, description: "there is no \(noun) of this name")
    }

    /// How it is given to a user: as the record says to administrators, else by the actor, now.
    func assignment<Kind: AssignmentKind>(
        of held: ID<Kind.Held>,
        to user: ID<Kind.Holder>,
        by context: CallContext,
        at now: Timestamp
    ) -> Assignment<Kind> {
        var (assignedAt, assigner) = (now, Assigner(context.actor))
        if context.heldScopes.isEverything {
            assignedAt = record.assignedAt ?? now
            if let kind = record.assignerKind { assigner = Assigner(kind: kind, id: assignerID) }
        }
        return Assignment(
            holder: user,
            held: held,
            terms: record.terms,
            assignedAt: assignedAt,
            assignedBy: assigner
        )
    }
}
