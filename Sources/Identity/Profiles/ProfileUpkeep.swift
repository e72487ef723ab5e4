import Logging
import MariaDB

/// Makes stored profiles follow changes of their schema, in batches, by one process at a time.
struct ProfileUpkeep: Sendable {
    let parts: CoreParts

    static let lease = "profiles"
    private static let batch = 200

    /// Does all tasks there are; another process may hold the lease, and then nothing is done.
    func run() async throws(FlowError) {
        let context = CallContext.system(requestID: "profiles", deadline: .after(.seconds(30)))
        let tasks = try await parts.read(context) { try $0.all(ListProfileTasks()) }
        for task in tasks {
            parts.logger.info("profiles follow their schema", metadata: ["attribute": "\(task.path)"])
            var next: ProfileTask? = task
            while let now = next { next = try await step(now) }
        }
    }

    /// Does one batch; returns what is left of the task.
    private func step(_ task: ProfileTask) async throws(FlowError) -> ProfileTask? {
        let context = CallContext.system(requestID: "profiles", deadline: .after(.seconds(30)))
        let (parts, now) = (parts, parts.clock.now())
        return try await parts.transaction(context) { transaction in
            let isOurs = try LeaseStore(parts: parts).acquire(Self.lease, for: .seconds(60), at: now, transaction)
            guard isOurs else { return nil }
            let schema = try parts.profileSchemas.held(transaction)
            // A later change of the schema may have put another task in its place.
            guard let task = try transaction.all(ListProfileTasks()).first(where: { $0 == task }) else { return nil }
            return try self.work(on: task, by: schema, at: now, transaction)
        }
    }

    private func work(
        on task: ProfileTask,
        by schema: ProfileSchema,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> ProfileTask? {
        if task.kind == .empty { return try empty(task, transaction) ? task : finish(task, transaction) }
        let profiles = try transaction.all(LockProfiles(after: task.doneTo, limit: Self.batch))
        for profile in profiles {
            switch task.kind {
            case .fill: try fill(profile, task, schema, transaction)
            case .strip, .empty: try strip(profile, task, at: now, transaction)
            }
        }
        if profiles.count == Self.batch, let last = profiles.last {
            var left = task
            left.doneTo = last.userID
            try transaction.execute(AdvanceProfileTask(task: left))
            return left
        }
        if task.kind == .strip, try empty(task, transaction) { return task }
        return try finish(task, transaction)
    }

    private func finish(_ task: ProfileTask, _ transaction: Transaction) throws -> ProfileTask? {
        try transaction.execute(DeleteProfileTask(task: task))
        return nil
    }

    /// Makes the rows of one attribute anew.
    ///
    /// A value that another user claimed stays where it is, found by nobody.
    private func fill(
        _ profile: StoredProfile,
        _ task: ProfileTask,
        _ schema: ProfileSchema,
        _ transaction: Transaction
    ) throws {
        guard let attribute = schema[task.path], attribute.number == task.attribute else { return }
        try transaction.execute(DeleteIndexEntries(user: profile.userID, attribute: task.attribute))
        try transaction.execute(DeleteUniqueValues(user: profile.userID, attribute: task.attribute))
        let entries = ProfileIndexEntries(of: profile.document, attributes: [attribute])
        _ = try ProfileStore(parts: parts).add(entries, of: profile.userID, transaction)
    }

    private func strip(
        _ profile: StoredProfile,
        _ task: ProfileTask,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        var document = profile.document
        document.strip(task.path)
        guard document != profile.document else { return }
        let revision = profile.revision + 1
        let put = PutProfile(user: profile.userID, document: document, revision: revision, now: now)
        try transaction.execute(put)
        try parts.textsChanged(of: profile.userID, transaction)
    }

    /// Removes some rows of the index; false when there were none left.
    private func empty(_ task: ProfileTask, _ transaction: Transaction) throws -> Bool {
        let removed = try transaction.execute(EmptyIndex(attribute: task.attribute))
        return try removed + transaction.execute(EmptyUniqueValues(attribute: task.attribute)) > 0
    }
}
