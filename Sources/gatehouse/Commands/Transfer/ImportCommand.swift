internal import ArgumentParser
internal import Cryptography
internal import Foundation
internal import RPCClient
internal import Wire

/// Writes users from elsewhere.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import users: from a file, or from the database of another system.",
        discussion: "`gatehouse import FILE` is short for `gatehouse import file FILE`.",
        subcommands: [ImportFileCommand.self, AspNetIdentityCommand.self],
        defaultSubcommand: ImportFileCommand.self
    )
}

/// Writes users from a file.
struct ImportFileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "file",
        abstract: "Import users from a file of JSON Lines or comma-separated values.",
        discussion: """
            Each line of JSON Lines is a user in the JSON form of the message UserRecord, as `gatehouse export` writes it, or a \
            role, a group or attributes of profiles in that of DirectoryRecord, before the users who have them. A user \
            may also have passwordRecord, the hash of a password, and totpSecret, the key of an authenticator app in base 32. A \
            CSV file names its columns in the first line: \(UserColumns.known.joined(separator: ", ")), and profile.CODE.

            A line that fails is named, and nothing of it is written. After an interruption run the same command again: lines \
            that are in are left as they are. Ends with status 1 when a line failed.
            """
    )

    enum Conflict: String, CaseIterable, ExpressibleByArgument {
        case fail, skip, overwrite

        var wire: ImportConflict {
            switch self {
            case .fail: .fail
            case .skip: .skip
            case .overwrite: .overwrite
            }
        }
    }

    @OptionGroup var administration: AdministrationArguments
    @Argument(help: "The file; - reads standard input.") var file: String
    @Option(name: .long, help: "Form of the file. Default: by its name.") var format: UserFileFormat?
    @Option(name: .long, help: "What to do with a user who is there.") var onConflict: Conflict = .fail
    @Flag(name: .long, help: "Check everything, and write nothing.") var dryRun = false
    @Option(name: .long, help: "File with the key that the secrets of an export were sealed under.")
    var secretsKeyFile: String?
    @Option(name: .long, help: "Write what became of each line to this file, as JSON Lines.") var results: String?

    func run() async throws {
        var options = ImportOptions(conflict: onConflict.wire, dryRun: dryRun)
        if let secretsKeyFile { options.secretsKey = try SecretsKeyFile.read(secretsKeyFile) }
        let session = AdministrationSession(arguments: administration)
        let users = try await UserFile(path: file, format: format ?? UserFileFormat(path: file)) {
            try await ProfileSchema(of: session)
        }
        let rest = try await ImportTransfer.run(users, options, results: results, administration)
        if rest.failed > 0 { throw ExitCode.failure }
    }
}

extension UserFileFormat: ExpressibleByArgument {}

extension ProfileSchema {
    /// The server's.
    init(of session: AdministrationSession) async throws {
        self = try await AdministrationConnection(session.arguments).withClient { client in
            try await ProfileServiceClient(client).getProfileSchema(GetProfileSchemaRequest()).schema ?? ProfileSchema()
        }
    }
}

/// Sends rows in batches, a few at a time, and takes their results.
struct ImportTransfer<Users: UserSource> {
    /// What is left of the source at its end, and how many of its rows failed.
    struct End {
        let users: Users
        let failed: Int
    }

    private var users: Users
    private let options: ImportOptions

    /// Imports all there is, and tells how it went.
    static func run(
        _ users: Users,
        _ options: ImportOptions,
        results: String?,
        _ administration: AdministrationArguments
    ) async throws -> End {
        var report = try ImportReport(results: results, json: administration.json)
        var transfer = ImportTransfer(users: users, options: options)
        do {
            try await AdministrationConnection(administration).withClient { try await transfer.send(over: $0, &report) }
        } catch {
            report.end(isComplete: false, isDryRun: options.dryRun)
            throw error
        }
        report.end(isComplete: true, isDryRun: options.dryRun)
        return End(users: transfer.users, failed: report.failed)
    }

    private mutating func send(over client: GatehouseClient, _ report: inout ImportReport) async throws {
        let call = try await TransferServiceClient(client).importUsers()
        var answers = call.makeAsyncIterator()
        var (waiting, isFirst) = (0, true)
        while let rows = try await batch(&report) {
            guard !rows.isEmpty else { continue }
            while waiting > BatchSize.window, let answer = try await answers.next() {
                report.add(answer.results)
                waiting -= answer.results.count
            }
            try await call.send(ImportUsersRequest(options: isFirst ? options : nil, rows: rows))
            (waiting, isFirst) = (waiting + rows.count, false)
            report.show(position: users.position, size: users.size)
        }
        try await call.finishSending()
        while let answer = try await answers.next() {
            report.add(answer.results)
            report.show(position: users.position, size: users.size)
        }
    }

    /// The next rows to send, lines that are none told at once; nil at the end.
    private mutating func batch(_ report: inout ImportReport) async throws -> [ImportRow]? {
        var (rows, size, isOver) = ([ImportRow](), 0, true)
        while rows.count < BatchSize.rows, size < BatchSize.bytes, let row = try await users.next() {
            isOver = false
            if let name = row.name { report.expect(row.line, name) }
            switch row.record {
            case .success(let record):
                let sent = record.row(row.line)
                rows.append(sent)
                size += sent.encoded().count
            case .failure(let fault):
                let problem = ImportProblem(field: fault.field, reason: "field.invalid", description: fault.description)
                report.add([ImportResult(number: row.line, outcome: .failed, problems: [problem])])
            }
        }
        return isOver ? nil : rows
    }
}

private enum BatchSize {
    static let rows = 250
    static let bytes = 500_000
    /// Rows that may wait for their results: while some are written the next are read, sent and checked.
    static let window = 500
}
