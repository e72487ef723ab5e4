import MariaDB

/// Writes what users have in common, each record in a transaction of its own.
struct DirectoryImport: Sendable {
    let parts: CoreParts
    let options: ImportOptions
    let context: CallContext
    let memory: ImportMemory

    /// Writes one record, or says why it cannot be.
    func write(_ record: DirectoryRecord, number: UInt64) async throws(FlowError) -> ImportResult {
        do {
            let outcome =
                switch record {
                case .schema(let attributes): try await write(attributes)
                case .role(let role): try await write(role, CollectiveFlows<IDKind.Role>(parts: parts))
                case .group(let group): try await write(group, CollectiveFlows<IDKind.Group>(parts: parts))
                }
            return ImportResult(number: number, outcome: outcome, user: nil)
        } catch {
            guard error.isAboutRow else { throw error }
            return ImportResult(number: number, outcome: .failed(error.asProblems), user: nil)
        }
    }

    /// Runs `body`; what it did is taken back in a dry run, and where it throws its outcome.
    private func run(
        _ body: @escaping @Sendable (Transaction) throws -> ImportResult.Outcome
    ) async throws(FlowError) -> ImportResult.Outcome {
        let isDryRun = options.isDryRun
        do {
            return try await parts.commit(context) { transaction in
                let outcome = try body(transaction)
                guard !isDryRun else { throw FlowError.rehearsed(DirectoryRehearsal(outcome: outcome)) }
                return outcome
            }
        } catch {
            guard let rehearsal = error.cause as? DirectoryRehearsal else { throw error }
            return rehearsal.outcome
        }
    }
}

/// What became of a record, or would have become in earnest, carried out of the transaction that is rolled back.
private struct DirectoryRehearsal: Error {
    let outcome: ImportResult.Outcome
}

// The schema of profiles.
extension DirectoryImport {
    /// Adds attributes, and changes those that differ; attributes of every installation give way to what is imported.
    private func write(_ attributes: [ProfileAttribute]) async throws(FlowError) -> ImportResult.Outcome {
        try context.require(.profileSchemaWrite)
        let (parts, options, context, memory) = (parts, options, context, memory)
        return try await run { transaction in
            let version = try transaction.first(LockSchemaVersion()) ?? ProfileSchema.initial.version
            let present = try parts.profileSchemas.schema(version, transaction)
            var (change, taken) = (ProfileSchemaChange(), [AttributePath]())
            for attribute in attributes {
                var attribute = attribute
                guard let own = present[attribute.path] else {
                    change.put.append(attribute)
                    continue
                }
                attribute.number = own.number
                guard attribute != own else { continue }
                if own == ProfileSchema.initial[own.path] || options.conflict == .overwrite {
                    change.put.append(attribute)
                } else {
                    taken.append(own.path)
                }
            }
            guard taken.isEmpty || options.conflict == .skip else { throw FlowError.attributesDiffer(taken) }
            guard !change.put.isEmpty else { return taken.isEmpty ? .unchanged : .skipped }
            let flows = ProfileSchemaFlows(parts: parts)
            let next = try flows.write(change, after: version, context, transaction)
            if options.isDryRun { memory.schema = next }
            return present.version == ProfileSchema.initial.version ? .created : .overwritten
        }
    }
}

extension FlowError {
    fileprivate static func attributesDiffer(_ paths: [AttributePath]) -> FlowError {
        .invalid(
            paths.map {
                .init(field: "attributes.\($0)", reason: .attributeTaken, description: "is there, and differs")
            }
        )
    }
}

// Roles and groups.
extension DirectoryImport {
    private func write<Kind: CollectiveKind>(
        _ record: CollectiveRecord,
        _ flows: CollectiveFlows<Kind>
    ) async throws(FlowError) -> ImportResult.Outcome {
        try context.require(.membershipWrite)
        try await parts.requireMembershipChange(context)
        let (parts, memory, writer) = (parts, memory, self)
        let checked = try Self.checked(record, parts)
        let outcome = try await run { transaction in
            try transaction.execute(TakeMembershipGuard())
            let now = parts.clock.now()
            let authority = try Authority(of: writer.context, at: now, transaction)
            return try writer.write(checked, flows, authority, at: now, transaction)
        }
        if options.isDryRun { memory.note(checked.name, of: Kind.self) }
        return outcome
    }

    private static func checked(
        _ record: CollectiveRecord,
        _ parts: CoreParts
    ) throws(FlowError) -> CollectiveRecord.Checked {
        var check = RecordCheck(parts: parts, schema: .initial, at: parts.clock.now())
        guard let checked = check.checked(record) else { throw .invalid(check.problems) }
        return checked
    }

    private func write<Kind: CollectiveKind>(
        _ checked: CollectiveRecord.Checked,
        _ flows: CollectiveFlows<Kind>,
        _ authority: Authority,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> ImportResult.Outcome {
        guard let old = try transaction.first(CollectiveByName<Kind>(name: checked.name)) else {
            let item: Collective<Kind> = try made(checked, at: now, transaction)
            try flows.insert(item, context, transaction)
            _ = try connect(item.id, checked, authority, at: now, transaction)
            return .created
        }
        var item = old
        item.description = checked.description
        item.demand = checked.record.demand
        if options.conflict == .overwrite { try authority.require(collective: old.id) }
        // What it gives and is in is written before it is known whether that may be, and then taken back.
        let isConnected = try connect(old.id, checked, authority, at: now, transaction)
        guard item != old || isConnected else { return .unchanged }
        switch options.conflict {
        case .fail: throw Kind.nameTaken
        case .skip: throw FlowError.rehearsed(DirectoryRehearsal(outcome: .skipped))
        case .overwrite:
            guard item != old else { return .overwritten }
            item.revision += 1
            item.updatedAt = now
            try flows.write(item, over: old, context, at: now, transaction)
            return .overwritten
        }
    }

    /// A new one, with the id, the revision and the times that it has elsewhere, if an administrator says so.
    private func made<Kind: CollectiveKind>(
        _ checked: CollectiveRecord.Checked,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Collective<Kind> {
        let isTrusted = context.heldScopes.isEverything
        let id = isTrusted ? checked.id.flatMap(ID<Kind>.init(bytes:)) : nil
        if let id, try transaction.first(CollectiveByID(id: id)) != nil { throw FlowError.idTaken }
        let record = checked.record
        return Collective(
            id: id ?? parts.makeID(),
            name: checked.name.value,
            description: checked.description,
            demand: record.demand,
            revision: isTrusted ? max(1, record.revision) : 1,
            createdAt: isTrusted ? record.createdAt ?? now : now,
            updatedAt: isTrusted ? record.updatedAt ?? record.createdAt ?? now : now
        )
    }

    /// Gives a group its roles and puts it into its parents; true when any of it is new.
    private func connect<Kind: CollectiveKind>(
        _ id: ID<Kind>,
        _ checked: CollectiveRecord.Checked,
        _ authority: Authority,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Bool {
        guard let group = id as? GroupID else { return false }
        var (isChanged, problems) = (false, [FlowError.FieldProblem]())
        for membership in checked.roles {
            if let role = try transaction.first(CollectiveByName<IDKind.Role>(name: membership.name))?.id {
                isChanged = try give(role, to: group, membership, authority, at: now, transaction) || isChanged
            } else if !memory.knows(.role(membership.name.canonical)) {
                problems.append(membership.unknown("role"))
            }
        }
        for membership in checked.parents {
            if let parent = try transaction.first(CollectiveByName<IDKind.Group>(name: membership.name))?.id {
                let edge = GroupEdge(parent: parent, child: group)
                isChanged = try nest(edge, membership, authority, at: now, transaction) || isChanged
            } else if !memory.knows(.group(membership.name.canonical)) {
                problems.append(membership.unknown("group"))
            }
        }
        guard problems.isEmpty else { throw FlowError.invalid(problems) }
        return isChanged
    }

    private func give(
        _ role: RoleID,
        to group: GroupID,
        _ membership: CheckedRecord.Membership,
        _ authority: Authority,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Bool {
        typealias Kind = AssignmentKinds.RoleOfGroup
        let assignment: Assignment<Kind> = membership.assignment(of: role, to: group, by: context, at: now)
        let old = try transaction.first(LockAssignment<Kind>(holder: group, held: role))
        guard old?.terms != assignment.terms else { return false }
        try authority.require(role, until: assignment.terms.expiresAt)
        try authority.require(group)
        try authority.keepingOwners(of: [role]) {
            try transaction.execute(WriteAssignment(assignment: assignment))
        }
        if let (demand, reach) = try Kind.demand(group, role, at: now, transaction), demand > .nothing {
            _ = try MembershipStore(parts: parts).endSessions(below: demand, of: reach, at: now, transaction)
        }
        var event = Kind.event(group, role, isGiven: true)
        event.details["may_grant"] = "\(assignment.terms.mayGrant)"
        event.details["expires_at"] = assignment.terms.expiresAt?.description
        try AuditStore(parts: parts).append(event, context, transaction)
        return true
    }

    private func nest(
        _ edge: GroupEdge,
        _ membership: CheckedRecord.Membership,
        _ authority: Authority,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Bool {
        guard try transaction.first(EdgeThere(edge: edge)) == nil else { return false }
        // As its record says to administrators, else by the actor, now.
        let made: Assignment<AssignmentKinds.MemberOfGroup> = membership.assignment(
            of: edge.parent,
            to: .zero,
            by: context,
            at: now
        )
        let flows = MembershipFlows(parts: parts)
        try flows.insert(
            edge,
            authority,
            context,
            at: now,
            made: (at: made.assignedAt, by: made.assignedBy),
            transaction
        )
        return true
    }
}

extension ImportMemory {
    /// Remembers a role or group that a dry run would have made.
    fileprivate func note<Kind: CollectiveKind>(_ name: UniqueName, of _: Kind.Type) {
        var claims = ImportClaims()
        claims.add([Kind.self == IDKind.Role.self ? .role(name.canonical) : .group(name.canonical)])
        add(claims)
    }
}

extension FlowError {
    fileprivate static let idTaken = FlowError.invalid("id", .fieldInvalid, "another role or group has this id")
}

/// Whether a group is directly in another.
struct EdgeThere: Statement {
    static let sql: SQL = "SELECT child_id FROM group_edges WHERE parent_id = ? AND child_id = ?"

    let edge: GroupEdge

    func bind(to parameters: inout Parameters) {
        parameters.append(edge.parent)
        parameters.append(edge.child)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> GroupID { try columns.next() }
}
