internal import Cryptography
internal import Identity
internal import Wire

/// The methods of gatehouse.v1.TransferService.
struct TransferHandlers: TransferServiceHandler {
    let imports: ImportFlows
    let exports: ExportFlows

    func importUsers(
        _ requests: RequestStream<ImportUsersRequest>,
        context: CallContext,
        send: @escaping @Sendable (ImportUsersResponse) async throws -> Void
    ) async throws {
        var run: (import: ImportRun, reading: UserRecordReading)?
        for try await request in requests {
            if run == nil {
                let options = request.options ?? Wire.ImportOptions()
                run = (try imports.begin(options.domain, context), try UserRecordReading(options))
            }
            guard let run, !request.rows.isEmpty else { continue }
            let rows = request.rows.map(run.reading.row)
            let results = try await run.import.write(rows, context.limited(to: .seconds(60)))
            for batch in results.map(Wire.ImportResult.init).batches(ofBytes: Self.largestAnswer) {
                try await send(ImportUsersResponse(results: batch))
            }
        }
    }

    func exportUsers(
        _ request: ExportUsersRequest,
        context: CallContext,
        send: @escaping @Sendable (ExportUsersResponse) async throws -> Void
    ) async throws {
        let after: UserID? = try RequestFields.optionalID(request.afterUserID, "after_user_id")
        let seal = request.secretsKey.count > 0 ? try SecretsSeal(key: request.secretsKey) : nil
        try await exports.all(withSecrets: seal != nil, after: after, context) { found in
            switch found {
            case .directory(let records):
                for batch in records.map(Wire.DirectoryRecord.init).batches(ofBytes: Self.largestAnswer) {
                    try await send(ExportUsersResponse(directory: batch))
                }
            case .users(let records):
                for batch in try records.map({ try Wire.UserRecord($0, seal) }).batches(ofBytes: Self.largestAnswer) {
                    try await send(ExportUsersResponse(users: batch))
                }
            }
        }
    }

    /// A frame holds a mebibyte, of which the largest record, or all that is wrong with a row, takes less than half.
    private static let largestAnswer = 500_000
}

extension Array where Element: WireMessage {
    /// Parts that are together, but for the last element, not larger than this.
    fileprivate func batches(ofBytes limit: Int) -> [[Element]] {
        var (batches, size) = ([[Element]](), limit)
        for record in self {
            if size >= limit {
                batches.append([])
                size = 0
            }
            batches[batches.count - 1].append(record)
            size += record.encoded().count
        }
        return batches
    }
}

extension Wire.ImportOptions {
    fileprivate var domain: Identity.ImportOptions {
        let conflict: Identity.ImportOptions.Conflict =
            switch conflict {
            case .unspecified, .fail: .fail
            case .skip: .skip
            case .overwrite: .overwrite
            }
        return Identity.ImportOptions(conflict: conflict, isDryRun: dryRun)
    }
}

extension Wire.ImportResult {
    fileprivate init(_ result: Identity.ImportResult) {
        self.init(number: result.number, userID: result.user?.description ?? "")
        switch result.outcome {
        case .created: outcome = .created
        case .overwritten: outcome = .overwritten
        case .unchanged: outcome = .unchanged
        case .skipped: outcome = .skipped
        case .failed(let found):
            outcome = .failed
            problems = found.map { problem in
                ImportProblem(
                    field: problem.field,
                    reason: problem.reason.rawValue,
                    description: problem.description
                )
            }
        }
    }
}
