internal import ArgumentParser
internal import Foundation
internal import RPCClient
internal import Wire

/// Puts load on a running server and prints what it measured as `name=value` lines.
@main
struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "gatehouse-load")

    enum Scenario: String, ExpressibleByArgument, CaseIterable {
        case getUser = "get-user"
        case validateSession = "validate-session"
        case signIn = "sign-in"
    }

    @Argument var scenario: Scenario
    @Option(help: "host:port of the TLS listener, or unix:PATH.") var address: String
    @Option(help: "Certificate of the server.") var caFile: String?
    @Option(help: "Calls in flight at a time.") var callers = 1
    @Option(help: "How long to measure.") var seconds = 5
    @Option(help: "Directory of the development mailbox, for sign-in.") var mailbox: String?
    @Option(help: "Users to read, for get-user and validate-session.") var users = 200

    func run() async throws {
        let client = try GatehouseClient(configuration())
        defer { client.close() }
        let measurement: Measurement
        switch scenario {
        case .getUser: measurement = try await getUser(client)
        case .validateSession: measurement = try await validateSession(client)
        case .signIn: measurement = try await signIn(client)
        }
        print(measurement.lines.joined(separator: "\n"))
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
        return try await measure { caller, round in
            _ = try await service.getUser(GetUserRequest(userID: known[(caller &* 31 &+ round) % known.count]))
        }
    }

    private func validateSession(_ client: GatehouseClient) async throws -> Measurement {
        let people = SignIns(client: client, mailbox: mailbox ?? "")
        let tokens = try await people.sessions(count: min(users, 64))
        let service = SessionServiceClient(client)
        return try await measure { caller, round in
            let token = tokens[(caller &* 31 &+ round) % tokens.count]
            _ = try await service.validateSession(ValidateSessionRequest(sessionToken: token))
        }
    }

    private func signIn(_ client: GatehouseClient) async throws -> Measurement {
        let people = SignIns(client: client, mailbox: mailbox ?? "")
        return try await withThrowingTaskGroup(of: Measurement?.self) { group in
            group.addTask {
                try await people.readMailbox()
                return nil
            }
            group.addTask { try await self.measure { _, _ in _ = try await people.signIn() } }
            while let measured = try await group.next() {
                guard let measured else { continue }
                group.cancelAll()
                return measured
            }
            throw CancellationError()
        }
    }

    /// Runs `body` over and over in `callers` tasks; the first tenth of the time warms up and does not count.
    private func measure(_ body: @escaping @Sendable (Int, Int) async throws -> Void) async throws -> Measurement {
        let start = ContinuousClock.now
        let from = start + .seconds(seconds) / 10
        let end = start + .seconds(seconds)
        let samples = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var samples: [Duration] = []
                    var round = 0
                    while ContinuousClock.now < end {
                        let began = ContinuousClock.now
                        try await body(caller, round)
                        if began >= from { samples.append(ContinuousClock.now - began) }
                        round += 1
                    }
                    return samples
                }
            }
            return try await group.reduce(into: [Duration]()) { $0 += $1 }
        }
        return Measurement(samples: samples.sorted(), time: end - from)
    }
}

/// What one scenario came to.
struct Measurement: Sendable {
    let samples: [Duration]
    let time: Duration

    var lines: [String] {
        ["per_second=\(Int(Double(samples.count) / (time / .seconds(1))))", "p50_us=\(at(0.5))", "p99_us=\(at(0.99))"]
    }

    private func at(_ quantile: Double) -> Int {
        guard !samples.isEmpty else { return 0 }
        return Int(samples[Int(Double(samples.count - 1) * quantile)] / .microseconds(1))
    }
}
