internal import Cryptography
internal import Foundation
internal import MariaDB

/// The self-signed certificate of the RPC listener when none is configured; for this machine's names only.
struct DevelopmentCertificate {
    private static let validDays = 365
    private static let renewBefore = Duration.seconds(30 * 86_400)

    let certificateFile: String
    let privateKeyFile: String

    init(directory: DataDirectory) {
        certificateFile = directory.file("rpc-certificate.pem")
        privateKeyFile = directory.file("rpc-private-key.pem")
    }

    /// Makes certificate and key unless there are ones that stay valid for a while.
    func makeIfNeeded(now: Timestamp) throws {
        guard !isFresh(now) else { return }
        let made = try SelfSignedCertificate.make(
            commonName: "Gatehouse development",
            dnsNames: ["localhost"],
            ipAddresses: ["127.0.0.1", "::1"],
            validForDays: Self.validDays,
            now: now.microsecondsSinceEpoch / 1_000_000,
            random: SystemRandom()
        )
        try write(made.privateKeyPEM.withBytes { Data($0) }, to: privateKeyFile)
        try write(Data(made.certificatePEM.utf8), to: certificateFile)
    }

    private func isFresh(_ now: Timestamp) -> Bool {
        let manager = FileManager.default
        guard manager.fileExists(atPath: privateKeyFile),
            let attributes = try? manager.attributesOfItem(atPath: certificateFile),
            let made = attributes[.modificationDate] as? Date
        else { return false }
        let madeAt = Timestamp(microsecondsSinceEpoch: Int64(made.timeIntervalSince1970 * 1_000_000))
        return now - madeAt < .seconds(Self.validDays * 86_400) - Self.renewBefore
    }

    /// Writes a file of the owner's only, in one step.
    private func write(_ data: Data, to path: String) throws {
        let temporary = path + ".new"
        try? FileManager.default.removeItem(atPath: temporary)
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: temporary, contents: data, attributes: attributes),
            rename(temporary, path) == 0
        else { throw CommandFailure("The file \(path) cannot be written.") }
    }
}
