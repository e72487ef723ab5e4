internal import ArgumentParser
internal import Cryptography
internal import Foundation
internal import RPCClient
internal import Wire

/// Writes users from a file.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import users from a file of JSON Lines or comma-separated values.",
        discussion: """
            Each line of JSON Lines is a user in the JSON form of the message UserRecord, as `gatehouse export` writes it; it \
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
        var report = try ImportReport(results: results, json: administration.json)
        do {
            try await AdministrationConnection(administration).withClient { client in
                var transfer = ImportTransfer(users: users, options: options)
                try await transfer.run(client, &report)
            }
        } catch {
            report.end(isComplete: false, isDryRun: dryRun)
            throw error
        }
        report.end(isComplete: true, isDryRun: dryRun)
        if report.failed > 0 { throw ExitCode.failure }
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
struct ImportTransfer {
    private static let maximumRows = 250
    private static let maximumBytes = 500_000
    /// Batches that wait for their results: while one is written the next is read, sent and checked.
    private static let window = 3

    private var users: UserFile
    private let options: ImportOptions

    init(users: UserFile, options: ImportOptions) {
        self.users = users
        self.options = options
    }

    mutating func run(_ client: GatehouseClient, _ report: inout ImportReport) async throws {
        let call = try await TransferServiceClient(client).importUsers()
        var answers = call.makeAsyncIterator()
        var (waiting, isFirst) = (0, true)
        while let rows = try batch(&report) {
            guard !rows.isEmpty else { continue }
            if waiting == Self.window, let answer = try await answers.next() {
                report.add(answer.results)
                waiting -= 1
            }
            try await call.send(ImportUsersRequest(options: isFirst ? options : nil, rows: rows))
            (waiting, isFirst) = (waiting + 1, false)
            report.show(position: users.position, size: users.size)
        }
        try await call.finishSending()
        while let answer = try await answers.next() {
            report.add(answer.results)
            report.show(position: users.position, size: users.size)
        }
    }

    /// The next rows to send, lines that are none told at once; nil at the end of the file.
    private mutating func batch(_ report: inout ImportReport) throws -> [ImportRow]? {
        var (rows, size, isOver) = ([ImportRow](), 0, true)
        while rows.count < Self.maximumRows, size < Self.maximumBytes, let row = try users.next() {
            isOver = false
            switch row.record {
            case .success(let record):
                rows.append(ImportRow(number: row.line, user: record))
                size += record.encoded().count
            case .failure(let fault):
                let problem = ImportProblem(field: fault.field, reason: "field.invalid", description: fault.description)
                report.add([ImportResult(number: row.line, outcome: .failed, problems: [problem])])
            }
        }
        return isOver ? nil : rows
    }
}
