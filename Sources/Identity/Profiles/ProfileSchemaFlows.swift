import MariaDB

/// What can be asked of and done to the schema of profiles, at run time and without changing a table.
package struct ProfileSchemaFlows: Sendable {
    let parts: CoreParts

    /// The schema in force, as far as the caller may see it.
    package func get(_ context: CallContext) async throws(FlowError) -> ProfileSchemaState {
        let rights = ProfileRights(context)
        if rights == .person {
            // The form of one's own profile is drawn from it.
            _ = try context.requirePerson()
        } else {
            try context.require(.profileSchemaRead)
        }
        let parts = parts
        return try await parts.read(context) { transaction in
            let schema = try parts.profileSchemas.current(transaction).visible(to: rights)
            let filling = try transaction.all(ListProfileTasks()).filter { $0.kind == .fill }.map(\.path)
            return ProfileSchemaState(schema: schema, filling: filling.filter { schema[$0] != nil })
        }
    }

    /// Changes the schema; all problems are told together, and then it stays as it was.
    package func change(
        _ change: ProfileSchemaChange,
        expectedVersion: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> ProfileSchemaState {
        try context.require(.profileSchemaWrite)
        let parts = parts
        return try await parts.mutate(context) { transaction in
            let version = try transaction.first(LockSchemaVersion()) ?? ProfileSchema.initial.version
            let next = try write(change, after: version, expectedVersion: expectedVersion, context, transaction)
            let filling = try transaction.all(ListProfileTasks()).filter { $0.kind == .fill }.map(\.path)
            return ProfileSchemaState(schema: next.visible(to: ProfileRights(context)), filling: filling)
        }
    }

    /// Writes the version after one that is locked.
    func write(
        _ change: ProfileSchemaChange,
        after version: UInt64,
        expectedVersion: UInt64? = nil,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> ProfileSchema {
        let now = parts.clock.now()
        let (next, tasks) = try Self.next(change, after: version, expectedVersion, parts, transaction)
        try transaction.execute(InsertSchema(next, now: now))
        try transaction.execute(RaiseSchemaVersion())
        for task in tasks { try transaction.execute(PutProfileTask(task: task, now: now)) }
        let event = AuditEvent(.profileSchemaChanged, details: ["version": "\(next.version)"])
        try AuditStore(parts: parts).append(event, context, transaction)
        return next
    }

    /// What `change` would mean for the profiles there are; nothing is changed.
    ///
    /// Reads all users with their profiles in batches, so it takes as long as the caller's deadline must allow for.
    package func dryRun(
        _ change: ProfileSchemaChange,
        expectedVersion: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> ProfileSchemaReport {
        try context.require(.profileSchemaWrite)
        let parts = parts
        let next = try await parts.read(context) { transaction in
            let version = try transaction.first(ReadSchemaVersion()) ?? ProfileSchema.initial.version
            return try Self.next(change, after: version, expectedVersion, parts, transaction).schema
        }
        var review = ProfileReview(next)
        var after = UserID.zero
        while true {
            let from = after
            let batch = try await parts.read(context) { try $0.all(ListProfiles(after: from, limit: 500)) }
            for (_, document) in batch { review.add(document) }
            guard let last = batch.last, batch.count == 500 else { return review.report }
            after = last.0
        }
    }

    private static func next(
        _ change: ProfileSchemaChange,
        after version: UInt64,
        _ expectedVersion: UInt64?,
        _ parts: CoreParts,
        _ transaction: Transaction
    ) throws -> (schema: ProfileSchema, tasks: [ProfileTask]) {
        if let expectedVersion, expectedVersion != version { throw FlowError.revisionConflict(current: version) }
        let busy = try transaction.all(ListProfileTasks()).filter { $0.kind == .strip }.map(\.path)
        return try parts.profileSchemas.schema(version, transaction).changed(by: change, busy: busy)
    }
}

/// Counts whose values a schema would refuse.
struct ProfileReview {
    private let schema: ProfileSchema
    private var counts: [AttributePath: UInt64] = [:]
    /// Eight bytes of each unique value's hash: enough to tell a million apart.
    private var claims: [UInt32: Set<UInt64>] = [:]
    private(set) var report = ProfileSchemaReport()

    init(_ schema: ProfileSchema) {
        self.schema = schema
    }

    /// Counts a user; nil for one who has no profile, and so nothing that is required.
    mutating func add(_ stored: ProfileDocument?) {
        if stored != nil { report.profiles += 1 }
        let document = stored ?? .init()
        var wrong: Set<AttributePath> = []
        for attribute in schema.children(of: nil) {
            guard let value = document.values[attribute.path.root] else {
                if attribute.isRequired { wrong.insert(attribute.path) }
                continue
            }
            var validation = ProfileValidation(schema)
            _ = validation.stored(value, as: attribute)
            if !validation.problems.isEmpty { wrong.insert(attribute.path) }
        }
        for claim in ProfileIndexEntries(of: document, attributes: schema.attributes).claims {
            let start = claim.valueHash.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if !claims[claim.attribute, default: []].insert(start).inserted { wrong.insert(claim.path) }
        }
        guard !wrong.isEmpty else { return }
        report.invalidUsers += 1
        for path in wrong { counts[path, default: 0] += 1 }
        report.invalidByAttribute = counts.sorted { $0.key.description < $1.key.description }
            .map { .init(path: $0.key, users: $0.value) }
    }
}
