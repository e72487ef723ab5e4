import Foundation

@testable import MariaDB

/// A mariadbd reachable over TCP on loopback, with a certificate made for the occasion, or without TLS.
final class TLSServer {
    let port: UInt16
    let caFile: String
    private let server: PrivateServer

    enum Kind: CaseIterable { case withoutTLS, wrongCA, wrongName, right }

    init(_ kind: Kind) throws {
        let directory = try TemporaryDirectory.make()
        let server = kind == .wrongName ? "wrong.example" : "localhost"
        try Self.openssl(Self.authority("trusted"), in: directory)
        try Self.openssl(Self.authority("other"), in: directory)
        try Self.openssl(
            [
                "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj",
                "/CN=\(server)",
            ],
            in: directory
        )
        try "subjectAltName=DNS:\(server)".write(toFile: directory + "/san", atomically: true, encoding: .utf8)
        let signer = kind == .wrongCA ? "other" : "trusted"
        try Self.openssl(
            [
                "x509", "-req", "-in", "server.csr", "-CA", "\(signer).pem", "-CAkey", "\(signer).key", "-set_serial",
                "2",
                "-days", "2", "-extfile", "san", "-out", "server.pem",
            ],
            in: directory
        )
        for file in ["server.key", "server.pem"] { chmod(directory + "/" + file, 0o644) }
        caFile = directory + "/trusted.pem"
        port = try Self.freePort()
        var options = PrivateServer.Options.forTests
        options.extraArguments = ["--skip-networking=0", "--bind-address=127.0.0.1", "--port=\(port)"]
        options.extraArguments +=
            kind == .withoutTLS
            ? ["--skip-ssl"] : ["--ssl-cert=\(directory)/server.pem", "--ssl-key=\(directory)/server.key"]
        self.server = try PrivateServer.start(
            dataDirectory: directory + "/db",
            options: options,
            logger: .quiet
        )
        let connection = try Connection.openAny(self.server.configuration)
        try connection.execute(text: "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1'")
        try connection.execute(text: "GRANT ALL ON *.* TO 'root'@'127.0.0.1'")
    }

    /// Connects by name over TCP with verification.
    var configuration: DatabaseConfiguration {
        DatabaseConfiguration(
            address: .hosts([.init(name: "localhost", port: port)]),
            user: "root",
            database: PrivateServer.databaseName,
            transport: .verified(caFile: caFile)
        )
    }

    func stop() { server.stop() }

    private static func authority(_ name: String) -> [String] {
        [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "\(name).key", "-out",
            "\(name).pem",
            "-subj", "/CN=\(name)",
        ]
    }

    private static func openssl(_ arguments: [String], in directory: String) throws {
        let status = try ChildProcess.run(
            path: "/bin/sh",
            arguments: ["-c", "cd \"$0\" && exec openssl \"$@\"", directory] + arguments,
            as: nil,
            outputFile: directory + "/openssl.log"
        )
        if status != 0 { throw DatabaseError(.internal, "openssl \(arguments.first ?? "") failed") }
    }

    /// A port that was free a moment ago.
    static func freePort() throws -> UInt16 {
        try LoopbackSocket().port
    }
}
