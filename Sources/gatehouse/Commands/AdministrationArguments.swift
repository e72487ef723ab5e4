internal import ArgumentParser
internal import Cryptography
internal import Foundation
internal import RPCClient
internal import Wire

/// Where the server is and who calls, for every administration command.
struct AdministrationArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The server: HOST:PORT, or unix:PATH. Default: GATEHOUSE_ADDRESS, else the socket in the data directory.",
            valueName: "address"
        )
    )
    var address: String?

    @Option(
        name: .long,
        help: "PEM file of the authority that signed the server's certificate. Default: GATEHOUSE_CA_FILE."
    )
    var caFile: String?

    @Option(
        name: .long,
        help: "File with the service token. Default: GATEHOUSE_TOKEN_FILE; or the token itself in GATEHOUSE_TOKEN."
    )
    var tokenFile: String?

    @Option(
        name: .long,
        help: "Data directory of a server on this machine. Default: GATEHOUSE_DATA_DIRECTORY, else gatehouse-data."
    )
    var dataDirectory: String?

    @Option(name: .long, help: "Seconds to wait for an answer.")
    var timeout: Int = 15

    @Flag(name: .long, help: "Print the answer as JSON.")
    var json = false

    func validate() throws {
        guard (1...300).contains(timeout) else { throw ValidationError("--timeout must be 1 to 300 seconds.") }
    }

    private var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// The service token, from where it was said to be.
    func token() throws -> SecretBytes {
        if let path = tokenFile ?? environment["GATEHOUSE_TOKEN_FILE"] {
            return SecretBytes(copying: try SecretFile.line(of: path))
        }
        guard let token = environment["GATEHOUSE_TOKEN"], !token.isEmpty else {
            throw CommandFailure(
                "No service token: set GATEHOUSE_TOKEN or --token-file. The first one comes from `gatehouse bootstrap`."
            )
        }
        return SecretBytes(copying: Array(token.utf8))
    }

    /// The server's address as a client understands it.
    func endpoint() throws -> ClientConfiguration.Endpoint {
        guard let text = address ?? environment["GATEHOUSE_ADDRESS"] else { return .unixSocket(path: defaultSocket) }
        if text.hasPrefix("unix:") { return .unixSocket(path: String(text.dropFirst(5))) }
        guard let server = HostAndPort(text, defaultPort: 7443) else {
            throw CommandFailure("The address must be HOST:PORT or unix:PATH.")
        }
        return .tls(
            host: server.host,
            port: Int(server.port),
            authorityFile: caFile ?? environment["GATEHOUSE_CA_FILE"]
        )
    }

    private var defaultSocket: String {
        let directory =
            dataDirectory ?? environment[ConfigurationOptionDescription(Options.dataDirectory).environmentName]
            ?? Options.dataDirectory.fallback
        return directory + "/rpc.sock"
    }
}
