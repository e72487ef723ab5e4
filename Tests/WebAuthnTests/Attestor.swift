import Cryptography
import Foundation
import ScriptedAuthenticator
import Testing

/// Somebody with a key and a certificate, made by OpenSSL's own command.
final class Attestor {
    static var now: Int64 { Int64(Date().timeIntervalSince1970) + 3600 }

    let certificate: Certificate
    private let directory: URL

    /// - Parameters:
    ///   - subject: As `openssl req -subj` takes it.
    ///   - extensions: Lines of an extension section.
    ///   - issuer: Who signs; nil for itself.
    ///   - authenticator: Whose key it certifies; nil for a new one.
    ///   - other: Somebody whose key it certifies, too.
    /// - Throws: When the command fails.
    init(
        subject: String,
        extensions: String = "",
        signedBy issuer: Attestor?,
        key authenticator: ScriptedAuthenticator? = nil,
        sharing other: Attestor? = nil
    ) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "gatehouse-attestor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        if let key = authenticator?.keyFile ?? other?.directory.appending(path: "key") {
            try FileManager.default.copyItem(at: key, to: directory.appending(path: "key"))
        } else {
            try OpenSSL.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key", in: directory)
        }
        if let issuer {
            try Data(extensions.utf8).write(to: directory.appending(path: "extensions"))
            try OpenSSL.run("req -new -key key -out request -subj", subject, in: directory)
            let authority = issuer.directory.path
            try OpenSSL.run(
                "x509 -req -in request -CA \(authority)/certificate -CAkey \(authority)/key -CAcreateserial -days 30"
                    + " -extfile extensions -out certificate",
                in: directory
            )
        } else {
            try OpenSSL.run("req -x509 -key key -days 30 -out certificate -subj", subject, in: directory)
        }
        let text = try String(contentsOf: directory.appending(path: "certificate"), encoding: .utf8)
        certificate = try #require(Certificate.pem(text).first)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// An ECDSA signature with SHA-256.
    func sign(_ message: [UInt8]) throws -> [UInt8] {
        try Data(message).write(to: directory.appending(path: "message"))
        try OpenSSL.run("dgst -sha256 -sign key -out signature message", in: directory)
        return Array(try Data(contentsOf: directory.appending(path: "signature")))
    }
}
