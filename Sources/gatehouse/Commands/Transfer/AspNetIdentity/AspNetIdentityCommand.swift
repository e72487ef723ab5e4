internal import ArgumentParser
internal import Foundation
internal import Logging
internal import MariaDB
internal import RPCClient
internal import Wire

/// Takes over the users of an application with ASP.NET Core Identity.
struct AspNetIdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aspnet-identity",
        abstract: "Import the users of an ASP.NET Core Identity database.",
        discussion: """
            From its MariaDB or MySQL database, or from its tables as CSV files with the names of the columns in the first line. \
            Takes over names and whether they were confirmed, password hashes, lockouts, roles (made where they are missing), \
            authenticator keys in use, logins at providers that are named, and claims that the profile schema has an attribute for. What is left out is counted. A \
            user's Id becomes the external id, and names the user in the report.
            """
    )

    @OptionGroup var administration: AdministrationArguments
    @Option(name: .long, help: "Directory with AspNetUsers.csv and the other tables.") var tables: String?
    @Option(name: .long, help: "The database server: HOST:PORT on this machine, or a Unix socket's path.")
    var source: String?
    @Option(name: .long, help: "Name of the database.") var sourceDatabase: String = "identity"
    @Option(name: .long, help: "Database account; reading is all that it needs to be able to.")
    var sourceUser: String = "root"
    @Option(name: .long, help: "File with the password of that account.") var sourcePasswordFile: String?
    @Option(name: .long, help: "Server on another machine: PEM file of the authority that signed its certificate.")
    var sourceCaFile: String?
    @Option(name: .long, help: "TYPE=ATTRIBUTE: where claims of a type go; may be given several times.")
    var claim: [String] = []
    @Option(
        name: .long,
        help: "LOGINPROVIDER=NAME: the provider here whose logins those are; may be given several times."
    )
    var provider: [String] = []
    @Option(name: .long, help: "What to do with a user who is there.")
    var onConflict: ImportFileCommand.Conflict = .fail
    @Flag(name: .long, help: "Check everything, and write nothing.") var dryRun = false
    @Option(name: .long, help: "Write what became of each user to this file, as JSON Lines.") var results: String?

    func validate() throws {
        guard (tables == nil) != (source == nil) else {
            throw ValidationError("Say where the users are: --tables DIRECTORY or --source ADDRESS.")
        }
        guard claim.allSatisfy({ $0.split(separator: "=").count == 2 }) else {
            throw ValidationError("--claim takes TYPE=ATTRIBUTE.")
        }
        guard provider.allSatisfy({ $0.split(separator: "=").count == 2 }) else {
            throw ValidationError("--provider takes LOGINPROVIDER=NAME.")
        }
    }

    func run() async throws {
        if let tables {
            try await run(AspNetFiles(directory: tables))
        } else {
            let silent = Logger(label: "import") { _ in SwiftLogNoOpLogHandler() }
            let database = Database(try configuration(), logger: silent)
            do throws(DatabaseError) {
                try database.start()
            } catch {
                throw CommandFailure("The database of the users cannot be read: \(error).")
            }
            defer { database.stop() }
            do {
                try await run(AspNetDatabase(database))
            } catch let error as DatabaseError {
                throw CommandFailure("The database of the users cannot be read: \(error).")
            }
        }
    }

    private func configuration() throws -> DatabaseConfiguration {
        let source = source ?? ""
        let address: DatabaseConfiguration.Address
        if source.hasPrefix("/") || source.hasPrefix(".") {
            address = .unixSocket(path: source)
        } else {
            guard let host = HostAndPort(source, defaultPort: 3306) else {
                throw CommandFailure("--source must be HOST:PORT or the path of a socket.")
            }
            address = .hosts([.init(name: host.host, port: host.port)])
        }
        let password = try sourcePasswordFile.map { try SecretFile.line(of: $0) } ?? []
        var configuration = DatabaseConfiguration(
            address: address,
            user: sourceUser,
            password: { password },
            database: sourceDatabase,
            transport: sourceCaFile.map { .verified(caFile: $0) } ?? .disabled
        )
        configuration.lanes = 1
        return configuration
    }

    private func run(_ tables: some AspNetTables) async throws {
        let session = AdministrationSession(arguments: administration)
        let missing = try await missingRoles(tables, session)
        if !dryRun { for name in missing { _ = try await session.ask("RoleService/CreateRole", ["name": name]) } }
        let mapping = AspNetMapping(
            schema: try await ProfileSchema(of: session),
            claims: Self.pairs(claim),
            providers: Self.pairs(provider),
            // A dry run makes no roles, and what does not exist cannot be given.
            withRoles: !dryRun || missing.isEmpty
        )
        let users = AspNetUsers(tables: tables, mapping: mapping)
        let options = ImportOptions(conflict: onConflict.wire, dryRun: dryRun)
        let rest = try await ImportTransfer.run(users, options, results: results, administration)
        for (words, count) in rest.users.leftOut.sorted(by: { $0.key < $1.key }) {
            print("Left out of \(count) \(count == 1 ? "user" : "users"): \(words).")
        }
        if !missing.isEmpty { print("Roles \(dryRun ? "to make" : "made"): \(missing.joined(separator: ", ")).") }
        if rest.failed > 0 { throw ExitCode.failure }
    }

    /// Reads `KEY=VALUE`, as `validate` found them to be.
    private static func pairs(_ texts: [String]) -> [String: String] {
        let pairs = texts.map { $0.split(separator: "=").map(String.init) }.map { ($0[0], $0[1]) }
        return Dictionary(pairs) { _, last in last }
    }

    /// The roles that users have there, and nobody has here.
    private func missingRoles(_ tables: some AspNetTables, _ session: AdministrationSession) async throws -> [String] {
        let names = try await tables.roleNames()
        return try await AdministrationConnection(session.arguments).withClient { client in
            var missing: [String] = []
            for name in names {
                do {
                    _ = try await RoleServiceClient(client).findRole(FindRoleRequest(name: name))
                } catch let error as RPCError where error.code == .notFound {
                    missing.append(name)
                }
            }
            return missing
        }
    }
}

/// Users of ASP.NET Core Identity as rows of an import.
struct AspNetUsers<Tables: AspNetTables>: UserSource {
    private var tables: Tables
    private(set) var mapping: AspNetMapping
    private var page: [AspNetUser] = []
    private var number: UInt64 = 0

    init(tables: Tables, mapping: AspNetMapping) {
        self.tables = tables
        self.mapping = mapping
    }

    var position: UInt64 { 0 }
    var size: UInt64? { nil }
    var leftOut: [String: Int] { mapping.leftOut }

    mutating func next() async throws -> UserFileRow? {
        if page.isEmpty { page = try await tables.page().reversed() }
        guard let user = page.popLast() else { return nil }
        number += 1
        let name = "user \(user.id)"
        do throws(RowFault) {
            return UserFileRow(line: number, name: name, record: .success(.user(try mapping.record(user))))
        } catch {
            return UserFileRow(line: number, name: name, record: .failure(error))
        }
    }
}
