import MariaDB

/// What can be done to move whole users into the server (PRODUCT section 11).
///
/// Who has `users.import` is trusted as the system that the users come from: he says which names are verified, and which
/// passwords let them in. He lays hands on nobody who has more than he has, and puts no authenticator beside those of
/// somebody who ever signed in here (SECURITY PW-15, ADM-03, ADM-09).
package struct ImportFlows: Sendable {
    let parts: CoreParts

    /// How long a row is known again.
    static let memory: Duration = .seconds(30 * 86_400)

    /// Begins an import; needs `users.import`.
    package func begin(_ options: ImportOptions, _ context: CallContext) throws(FlowError) -> ImportRun {
        try context.require(.usersImport)
        return ImportRun(parts: parts, options: options)
    }
}

/// One import: a run of batches with the same options.
package final class ImportRun: Sendable {
    private let parts: CoreParts
    private let options: ImportOptions
    private let memory = ImportMemory()

    init(parts: CoreParts, options: ImportOptions) {
        self.parts = parts
        self.options = options
    }

    /// Most rows of a batch.
    package static let maximumRows = 500

    /// Writes rows, users between others in one transaction; what is returned is committed.
    ///
    /// A row that fails leaves nothing behind and stops no other one.
    ///
    /// Throws what concerns no row, such as a database that is not there; then none of them is written.
    package func write(_ rows: [ImportRow], _ context: CallContext) async throws(FlowError) -> [ImportResult] {
        try context.require(.usersImport)
        guard rows.count <= Self.maximumRows else {
            throw .invalid("rows", .fieldTooLong, "at most \(Self.maximumRows) rows at once")
        }
        var (results, users) = ([ImportResult](), [ImportRow]())
        for row in rows {
            guard let directory = row.directory, row.problems.isEmpty else {
                users.append(row)
                continue
            }
            results += try await writeUsers(users, context)
            users = []
            let writer = DirectoryImport(parts: parts, options: options, context: context, memory: memory)
            results.append(try await writer.write(directory, number: row.number))
        }
        results += try await writeUsers(users, context)
        try await parts.recordDenials(in: results, context.limited(to: .seconds(60)))
        return results
    }

    private func writeUsers(_ rows: [ImportRow], _ context: CallContext) async throws(FlowError) -> [ImportResult] {
        guard !rows.isEmpty else { return [] }
        do {
            return try await attempt(rows, context)
        } catch  where error.isAboutSomeRow && rows.count > 1 {
            // Something is taken that no lookup told, or does not fit: now each for itself, and the one it is about fails.
            var results: [ImportResult] = []
            for row in rows { results += try await writeUsers([row], context) }
            return results
        } catch  where error.isAboutSomeRow {
            return rows.map { $0.failed(error.asProblems) }
        }
    }

    private func attempt(_ rows: [ImportRow], _ context: CallContext) async throws(FlowError) -> [ImportResult] {
        let touchesMembership = rows.contains { !$0.record.roles.isEmpty || !$0.record.groups.isEmpty }
        var membershipRefusal: FlowError?
        if touchesMembership {
            do throws(FlowError) {
                try await parts.requireMembershipChange(context)
            } catch {
                membershipRefusal = error
            }
        }
        let refusal = membershipRefusal
        let (parts, options, memory) = (parts, options, memory)
        do {
            let results = try await parts.commit(context) { transaction in
                var batch = ImportBatch(
                    parts: parts,
                    options: options,
                    context: context,
                    memory: memory,
                    membershipRefusal: refusal,
                    transaction: transaction
                )
                let results = try batch.write(rows)
                guard !options.isDryRun else {
                    throw FlowError.rehearsed(Rehearsal(results: results, claims: batch.claims))
                }
                return results
            }
            return results
        } catch {
            guard let rehearsal = error.cause as? Rehearsal else { throw error }
            memory.add(rehearsal.claims)
            return rehearsal.results
        }
    }
}

/// What a dry run would have done, carried out of the transaction that is rolled back.
private struct Rehearsal: Error {
    let results: [ImportResult]
    let claims: ImportClaims
}

extension ImportRow {
    func failed(_ problems: [FlowError.FieldProblem]) -> ImportResult {
        ImportResult(number: number, outcome: .failed(problems), user: nil)
    }
}

extension FlowError {
    /// Rolls a transaction back, and tells `rehearsal` to whoever began it.
    static func rehearsed(_ rehearsal: any Error) -> FlowError {
        FlowError(.cancelled, reason: .cancelled, message: "a dry run writes nothing", cause: rehearsal)
    }

    /// Whether one row of several did it, and the others can be written without it.
    fileprivate var isAboutSomeRow: Bool { isAboutRow || isOfValue }

    /// Whether the database refused a value that no check of ours did.
    private var isOfValue: Bool { (cause as? DatabaseError)?.code == .dataTooLong }

    /// As problems of a row.
    package var asProblems: [FieldProblem] {
        if case .invalidInput(let problems) = code { return problems }
        if isOfValue { return [FieldProblem(field: "", reason: .fieldTooLong, description: "a value is too long")] }
        return [FieldProblem(field: field ?? "", reason: reason, description: message)]
    }
}
