import Foundation
import NIOSSL

/// Certificates made by the openssl command for the occasion.
struct TestCertificates: Sendable {
    let directory: String

    struct OpenSSLFailed: Error {
        let output: String
    }

    /// An authority `ca`, another `other`, and a server certificate.
    init() throws {
        guard let directory = TemporaryDirectory.make() else { throw OpenSSLFailed(output: "no directory") }
        self.directory = directory
        try authority("ca")
        try authority("other")
        try issue("server", by: "ca", names: "DNS:localhost,IP:127.0.0.1", usage: "serverAuth")
    }

    func path(_ name: String) -> String { directory + "/" + name }

    private func authority(_ name: String) throws {
        try openssl(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-keyout",
            name + ".key",
            "-out",
            name + ".pem",
            "-subj",
            "/CN=\(name)"
        )
    }

    /// Issues a certificate; without names it has a common name only.
    func issue(
        _ name: String,
        by issuer: String?,
        names: String?,
        usage: String = "clientAuth",
        isExpired: Bool = false
    ) throws {
        var extensions = "basicConstraints=CA:FALSE\nextendedKeyUsage=\(usage)\n"
        if let names { extensions += "subjectAltName=\(names)\n" }
        try extensions.write(toFile: path(name + ".ext"), atomically: true, encoding: .utf8)
        try openssl(
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            name + ".key",
            "-out",
            name + ".csr",
            "-subj",
            "/CN=service.example"
        )
        let signer = issuer.map { ["-CA", $0 + ".pem", "-CAkey", $0 + ".key"] } ?? ["-signkey", name + ".key"]
        // A certificate of minus one day ended yesterday.
        let days = ["-days", isExpired ? "-1" : "2"]
        let serial = ["-set_serial", "\(UInt32.random(in: 2...UInt32.max))"]
        try openssl(
            ["x509", "-req", "-in", name + ".csr", "-out", name + ".pem", "-extfile", name + ".ext"] + signer + days
                + serial
        )
    }

    /// A client's side of TLS.
    func client(
        certificate: String? = nil,
        protocols: [String] = ["gatehouse/1"],
        maximum: TLSVersion = .tlsv13
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(path("ca.pem"))
        configuration.applicationProtocols = protocols
        configuration.maximumTLSVersion = maximum
        if let certificate {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(path(certificate + ".pem")).map {
                .certificate($0)
            }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: path(certificate + ".key"), format: .pem))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private func openssl(_ arguments: String...) throws { try openssl(arguments) }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        let output = Pipe()
        process.standardError = output
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw OpenSSLFailed(output: text) }
    }
}
