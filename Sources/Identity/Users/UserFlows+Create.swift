import MariaDB

extension UserFlows {
    /// Makes an active user; `.alreadyExists` tells in `field` which identifier another user has.
    package func create(_ request: NewUser, _ context: CallContext) async throws(FlowError) -> User {
        try context.require(.usersWrite)
        let names = try Self.names(of: request)
        let now = parts.clock.now()
        let store = UserStore(parts: parts)
        let audit = AuditStore(parts: parts)
        return try await parts.mutate(context) { transaction in
            let unproved = names.map { (name: $0, verifiedAt: Timestamp?.none) }
            let user = try store.insert(unproved, externalID: request.externalID, at: now, transaction)
            try audit.append(AuditEvent(.userCreated, subjectUser: user.id), context, transaction)
            return user
        }
    }

    /// Writes the given fields.
    package func update(
        _ id: UserID,
        _ changes: UserChanges,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.require(.usersWrite)
        if case .some(.some(let text)) = changes.externalID, ExternalID(text) == nil { throw .externalIDInvalid }
        return try await change(id, .userUpdated, expectedRevision: expectedRevision, context) { row, _ in
            guard row.user.state != .pendingDeletion else { throw FlowError.userStateUnsuitable }
            guard let externalID = changes.externalID else { return .unchanged }
            // By bytes: two spellings that look the same are two ids.
            guard externalID.flatMap(ExternalID.init) != row.user.externalID.flatMap(ExternalID.init) else {
                return .unchanged
            }
            row.user.externalID = externalID
            return .changed
        }
    }

    /// Reads the names, telling every problem at once.
    private static func names(of request: NewUser) throws(FlowError) -> [LoginName] {
        var problems: [FlowError.FieldProblem] = []
        var names: [LoginName] = []
        for (index, identifier) in request.identifiers.prefix(20).enumerated() {
            if let name = LoginName(identifier.kind, identifier.value) {
                names.append(name)
            } else {
                let kind = identifier.kind
                let field = "identifiers[\(index)].value"
                problems.append(
                    .init(field: field, reason: kind.invalidReason, description: "not a valid \(kind.noun)")
                )
            }
        }
        problems += Self.problems(of: request)
        guard problems.isEmpty else { throw .invalid(problems) }
        return names
    }

    private static func problems(of request: NewUser) -> [FlowError.FieldProblem] {
        var problems: [FlowError.FieldProblem] = []
        if request.identifiers.count > 20 {
            problems.append(.init(field: "identifiers", reason: .fieldTooLong, description: "at most 20 identifiers"))
        }
        if request.identifiers.count(where: { $0.kind == .username }) > 1 {
            problems.append(.init(field: "identifiers", reason: .fieldInvalid, description: "at most one user name"))
        }
        if let text = request.externalID, ExternalID(text) == nil,
            case .invalidInput(let found) = FlowError.externalIDInvalid.code
        {
            problems += found
        }
        return problems
    }
}
