internal import ArgumentParser
internal import Foundation
internal import RPCClient
internal import Wire

/// Puts load on a running server and prints what it measured as `name=value` lines.
@main
struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "gatehouse-load")

    enum Scenario: String, ExpressibleByArgument, CaseIterable {
        /// No server at all: hashes and signatures.
        case machine
        case getUser = "get-user"
        case validateSession = "validate-session"
        case signIn = "sign-in"
        case passwordSignIn = "password-sign-in"
        /// Passwords of people who are not there.
        case passwordFlood = "password-flood"
        case passkeySignIn = "passkey-sign-in"
        /// The first page of a list of users.
        case listUsers = "list-users"
        /// Whether a user has a role, by any way.
        case holdsRole = "holds-role"
    }

    @Argument var scenario: Scenario
    @Option(help: "host:port of the TLS listener, or unix:PATH.") var address = ""
    @Option(help: "Certificate of the server.") var caFile: String?
    @Option(help: "Calls in flight at a time.") var callers = 1
    @Option(help: "Connections that they share.") var connections = 1
    @Option(help: "Calls a second that are begun; none: as many as are answered.") var rate: Double?
    @Option(help: "How long to measure.") var seconds = 5
    @Option(help: "Directory of the development mailbox, for whatever begins with people signing in.")
    var mailbox = ""
    @Option(help: "Users to read, or to sign in.") var users = 200
    @Option(help: "Address of the site, for passkeys.") var origin = "https://bench.example.com"
    @Option(parsing: .upToNextOption, help: "Processes whose processor time is told for each call, after our own.")
    var processes: [Int32] = []
    @OptionGroup var list: ListArguments
    @Option(help: "Id of the user who is asked about.") var user = ""
    @Option(help: "Id of the role that the user has.") var role = ""

    func run() async throws {
        if scenario == .machine {
            let limits = MachineLimits(duration: .seconds(seconds))
            return print(try await limits.lines().joined(separator: "\n"))
        }
        let configuration = try configuration()
        let clients = try (0..<max(1, connections)).map { _ in try GatehouseClient(configuration) }
        defer { for client in clients { client.close() } }
        print(try await measurement(clients).lines.joined(separator: "\n"))
        // A page that should be full, and is empty, would be quick.
        if scenario == .listUsers { print("users=\(try await ListedUsers(clients[0], list).read())") }
    }

    private func measurement(_ clients: [GatehouseClient]) async throws -> Measurement {
        let people = SignIns(client: clients[0], mailbox: mailbox)
        switch scenario {
        case .machine, .getUser: return try await getUser(clients[0])
        case .validateSession: return try await validateSession(clients[0], people)
        case .signIn:
            return try await people.whileReadingMailbox {
                try await meter.measure { _, _ in _ = try await people.signIn() }
            }
        case .passwordSignIn:
            let passwords = PasswordSignIns(people: people, clients: clients)
            let known = try await passwords.enrol(count: users)
            return try await meter.measure { caller, round in
                try await passwords.signIn(known[(caller + round * callers) % known.count], caller: caller)
            }
        case .passwordFlood:
            let flood = PasswordFlood(people: people, clients: clients)
            return try await meter.measure { caller, _ in try await flood.guess(caller: caller) }
        case .listUsers:
            let users = ListedUsers(clients[0], list)
            return try await meter.measure { _, _ in _ = try await users.read() }
        case .holdsRole: return try await holdsRole(clients[0])
        case .passkeySignIn:
            let passkeys = PasskeySignIns(people: people, client: clients[0], origin: origin)
            let owners = try await passkeys.enrol(count: users)
            return try await meter.measure { caller, round in
                try await passkeys.signIn(owners[(caller + round * callers) % owners.count])
            }
        }
    }

    private var meter: Meter {
        Meter(callers: callers, duration: .seconds(seconds), rate: rate, processes: processes)
    }

    private func configuration() throws -> ClientConfiguration {
        let token = Array((ProcessInfo.processInfo.environment["GATEHOUSE_TOKEN"] ?? "").utf8)
        let endpoint: ClientConfiguration.Endpoint
        if address.hasPrefix("unix:") {
            endpoint = .unixSocket(path: String(address.dropFirst(5)))
        } else {
            let parts = address.split(separator: ":")
            guard parts.count == 2, let port = Int(parts[1]) else { throw ValidationError("--address is host:port") }
            endpoint = .tls(host: String(parts[0]), port: port, authorityFile: caFile)
        }
        return ClientConfiguration(endpoint: endpoint) { token }
    }

    private func getUser(_ client: GatehouseClient) async throws -> Measurement {
        let service = UserServiceClient(client)
        var ids: [String] = []
        for _ in 0..<users { ids.append(try await service.createUser(CreateUserRequest()).user?.id ?? "") }
        let known = ids
        return try await meter.measure { caller, round in
            _ = try await service.getUser(GetUserRequest(userID: known[(caller &* 31 &+ round) % known.count]))
        }
    }

    private func holdsRole(_ client: GatehouseClient) async throws -> Measurement {
        let service = MembershipServiceClient(client)
        let request = HoldsRoleRequest(userID: user, roleID: role)
        guard try await service.holdsRole(request).holds else { throw ValidationError("The user has not the role.") }
        return try await meter.measure { _, _ in _ = try await service.holdsRole(request) }
    }

    private func validateSession(_ client: GatehouseClient, _ people: SignIns) async throws -> Measurement {
        let tokens = try await people.sessions(count: min(users, 64)).map(\.sessionToken)
        let service = SessionServiceClient(client)
        return try await meter.measure { caller, round in
            let token = tokens[(caller &* 31 &+ round) % tokens.count]
            _ = try await service.validateSession(ValidateSessionRequest(sessionToken: token))
        }
    }
}
