import MariaDB

/// Rows of an import in one transaction: looked up together, written together.
struct ImportBatch {
    let parts: CoreParts
    let options: ImportOptions
    let context: CallContext
    /// Of what went before, when nothing of it was written.
    let memory: ImportMemory
    /// Why rows with roles or groups fail, if they do.
    let membershipRefusal: FlowError?
    let transaction: Transaction
    /// Of the rows that are to be written next; of a dry run, those of the whole batch.
    private(set) var claims = ImportClaims()

    /// A row that is to be written.
    struct Planned {
        let row: ImportRow
        let record: CheckedRecord
        /// The user as he is, locked; nil: he is to be made.
        let before: UserRow?
        /// The revision of the profile as he has it, locked; 0 where nothing was written yet.
        let profileBefore: UInt64
        /// Whether the names of the record are written, and not those that the user has already.
        let writesNames: Bool
        let id: UserID
        let memberships: ImportMemberships.Resolved
        let logins: [ImportedLogin]

        /// The revision of the profile after the write; it never goes back, not even by a profile without values.
        var profileRevision: UInt64 {
            guard let document = record.document else { return profileBefore }
            let least = profileBefore > 0 ? profileBefore + 1 : document.values.isEmpty ? 0 : 1
            return max(least, record.record.profileRevision)
        }
    }

    /// What was found out about rows, together.
    private struct Known {
        var owners = ImportOwners()
        var providers: ImportProviders
        var marks: [UserID: ImportMarks.Row] = [:]
        /// Those who are to be overwritten.
        var locked: [UserID: LockedOwner] = [:]
    }

    /// A user as he is now, whatever was read before, and as he stays until the transaction ends.
    private struct LockedOwner {
        let row: UserRow
        let profileRevision: UInt64
    }

    /// Writes all rows that can be; results in the order of rows.
    mutating func write(_ rows: [ImportRow]) throws -> [ImportResult] {
        // Before anything is read, which fixes what all later reads see: nobody gets a role meanwhile that would forbid to
        // overwrite him.
        if options.conflict == .overwrite { try transaction.execute(TakeMembershipGuard()) }
        let now = parts.clock.now()
        let schema = try memory.schema ?? parts.profileSchemas.held(transaction)
        var results: [ImportResult?] = rows.map { $0.problems.isEmpty ? nil : $0.failed($0.problems) }
        var checked: [(index: Int, record: CheckedRecord)] = []
        for (index, row) in rows.enumerated() where results[index] == nil {
            var check = RecordCheck(parts: parts, schema: schema, at: now)
            if let record = check.checked(row.record) {
                checked.append((index: index, record: record))
            } else {
                results[index] = row.failed(check.problems)
            }
        }
        var memberships = ImportMemberships(
            parts: parts,
            context: context,
            at: now,
            refusal: membershipRefusal,
            memory: memory
        )
        try memberships.lookUp(checked.map(\.record), transaction)
        var rest = checked[...]
        while !rest.isEmpty {
            let known = try lookUp(rest.map { (rows[$0.index], $0.record) })
            var wave: [Planned] = []
            if !options.isDryRun { claims = ImportClaims() }
            while let (index, record) = rest.first {
                let owners = known.owners.owners(of: record)
                // Two rows may name one user by different things.
                let wanted = record.claims + owners.map { .user($0.user) }
                if let clash = claims.clash(of: wanted) ?? memory.clash(of: wanted) {
                    // What is written here has to be looked up before this row is planned.
                    guard options.isDryRun else { break }
                    results[index] = rows[index].failed([clash.problem])
                } else {
                    switch try plan(rows[index], record, owners, known, memberships) {
                    case .done(let result): results[index] = result
                    case .write(let planned):
                        claims.add(wanted)
                        wave.append(planned)
                        results[index] = result(of: planned)
                    }
                }
                rest = rest.dropFirst()
            }
            try ImportWriter(parts: parts, context: context, now: now, transaction: transaction).write(wave)
        }
        return zip(rows, results).map { row, result in result ?? row.failed([]) }
    }

    private func result(of planned: Planned) -> ImportResult {
        let isNew = planned.before == nil
        return ImportResult(
            number: planned.row.number,
            outcome: isNew ? .created : .overwritten,
            user: isNew && options.isDryRun ? nil : planned.id
        )
    }

    private enum Plan {
        case done(ImportResult)
        case write(Planned)
    }

    private func plan(
        _ row: ImportRow,
        _ record: CheckedRecord,
        _ found: [ImportOwners.Owner],
        _ known: Known,
        _ memberships: ImportMemberships
    ) throws -> Plan {
        guard found.count <= 1 else {
            return .done(row.failed([.init(field: "", reason: .identifierTaken, description: Self.severalUsers)]))
        }
        if let owner = found.first, let result = settled(row, owner, known) { return .done(result) }
        do throws(FlowError) {
            let resolved = try memberships.resolve(record)
            let logins = try known.providers.resolve(record)
            let owner = found.first.flatMap { known.locked[$0.user] }
            if let owner { try requireOverwriting(owner.row.user, by: record) }
            let planned = Planned(
                row: row,
                record: record,
                before: owner?.row,
                profileBefore: owner?.profileRevision ?? 0,
                writesNames: !record.names.isEmpty && owner.map { !$0.row.user.hasNames(of: record) } ?? true,
                id: owner?.row.user.id ?? record.id ?? parts.makeID(),
                memberships: resolved,
                logins: logins
            )
            return .write(planned)
        } catch {
            guard error.isAboutRow else { throw error }
            return .done(row.failed(error.asProblems))
        }
    }

    private static let severalUsers = "its id, external id and names belong to different users"

    /// The result of a row whose user is there, where that user is not to be written.
    private func settled(
        _ row: ImportRow,
        _ owner: ImportOwners.Owner,
        _ known: Known
    ) -> ImportResult? {
        let user = owner.user
        let mark = known.marks[user]
        let isEqual = mark?.digest == row.digest
        switch options.conflict {
        case .overwrite:
            guard isEqual, mark?.isUntouched == true else { return nil }
            return ImportResult(number: row.number, outcome: .unchanged, user: user)
        case .fail, .skip:
            if isEqual { return ImportResult(number: row.number, outcome: .unchanged, user: user) }
            if options.conflict == .skip { return ImportResult(number: row.number, outcome: .skipped, user: user) }
            return row.failed([.init(field: owner.field, reason: owner.reason, description: "a user has this")])
        }
    }

    /// Demands that a user, who is locked, may be overwritten.
    private func requireOverwriting(_ user: User, by record: CheckedRecord) throws(FlowError) {
        do {
            guard record.id == nil || record.id == user.id else {
                throw FlowError.invalid("id", .fieldInvalid, "the user has another id, which never changes")
            }
            try parts.requireAuthority(over: user.id, context, transaction)
            // An address is a way in, too: whoever imports would choose it for somebody.
            let opensDoors = record.hasAuthenticators || !(record.names.isEmpty || user.hasNames(of: record))
            if opensDoors, try transaction.first(AccountWasUsedHere(user: user.id)) != nil {
                throw FlowError.accountInUse
            }
        } catch {
            throw FlowError(any: error)
        }
    }

    private func lookUp(_ rows: [(ImportRow, CheckedRecord)]) throws -> Known {
        var known = Known(providers: try ImportProviders(of: rows.map(\.1), transaction))
        known.owners = try ImportOwners(of: rows.map(\.1), transaction)
        for mark in try transaction.all(ImportMarks.self, Array(known.owners.users)) { known.marks[mark.user] = mark }
        guard options.conflict == .overwrite else { return known }
        let overwritten = rows.flatMap { row, record in
            known.owners.owners(of: record).filter { settled(row, $0, known) == nil }.map(\.user)
        }
        // In one order, so that nobody who locks several of them waits for this one while it waits for him.
        for user in Set(overwritten).sorted() { known.locked[user] = try lock(user) }
        return known
    }

    /// Locks a user with what it is decided by whether he may be overwritten; nil when he is gone.
    ///
    /// Each of these reads sees the newest, since it locks: the transaction has read before, and what was committed since then
    /// is to no plain read of it.
    private func lock(_ user: UserID) throws -> LockedOwner? {
        guard var row = try transaction.first(LockUser(id: user)) else { return nil }
        row.user.identifiers = try transaction.all(LockIdentifiers(user: user))
        let profile = try transaction.first(LockProfile(user: user))
        return LockedOwner(row: row, profileRevision: profile?.revision ?? 0)
    }
}

extension ImportClaims.Claim {
    /// Two rows of one import have the same.
    var problem: FlowError.FieldProblem {
        let description = "a row before this one has the same"
        switch self {
        case .externalID: return .init(field: field, reason: .externalIDTaken, description: description)
        case .value: return .init(field: field, reason: .attributeTaken, description: description)
        default: return .init(field: field, reason: .identifierTaken, description: description)
        }
    }
}

extension User {
    /// Whether the user has just the names of a record, which then stay as they are.
    fileprivate func hasNames(of record: CheckedRecord) -> Bool {
        let own = identifiers.compactMap { LoginName($0.kind, $0.value) }
        let theirs = Set(record.names.map { LoginKey($0.name) })
        return own.count == identifiers.count && Set(own.map(LoginKey.init)) == theirs
    }
}

extension FlowError {
    fileprivate static let accountInUse = FlowError(
        .failedPrecondition,
        reason: .importRefused,
        message: "somebody has signed in as this user here: other names and authenticators are only theirs to choose"
    )

    /// Whether another row could still be written.
    var isAboutRow: Bool {
        switch code {
        case .invalidInput, .notFound, .failedPrecondition, .permissionDenied, .alreadyExists, .stepUpRequired: true
        default: false
        }
    }
}
