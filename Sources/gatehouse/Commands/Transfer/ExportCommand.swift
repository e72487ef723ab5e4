internal import ArgumentParser
internal import Cryptography
internal import Foundation
internal import RPCClient
internal import Wire

/// Writes all users to a file.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Export all users, roles, groups and the profile schema, as `gatehouse import` reads them.",
        discussion: """
            JSON Lines have everything. A CSV file has users alone, and of each what fits into a row: one main name of a kind, \
            and neither passkeys nor terms of roles; how many have more is told.

            Passwords, keys of authenticator apps and recovery codes are only among it with --secrets-key-file, and then sealed \
            under the key in that file; it is made where there is none. Needs the scope export.users, and export.secrets.
            """
    )

    @OptionGroup var administration: AdministrationArguments
    @Argument(help: "The file, which nobody else will be able to read; - writes to standard output.") var file: String
    @Option(name: .long, help: "Form of the file. Default: by its name.") var format: UserFileFormat?
    @Option(name: .long, help: "Seal the secrets under the key in this file, and export them, too.")
    var secretsKeyFile: String?

    func run() async throws {
        var request = ExportUsersRequest()
        if let secretsKeyFile { request.secretsKey = try SecretsKeyFile.readOrMake(secretsKeyFile) }
        let handle: FileHandle?
        if file == "-" {
            handle = FileHandle.standardOutput
        } else {
            guard !FileManager.default.fileExists(atPath: file) else {
                throw CommandFailure("\(file) is there; an export does not write over a file.")
            }
            _ = FileManager.default.createFile(atPath: file, contents: nil, attributes: [.posixPermissions: 0o600])
            handle = FileHandle(forWritingAtPath: file)
        }
        guard let handle else { throw CommandFailure("\(file) cannot be written.") }
        var writer = try await writer()
        try handle.write(contentsOf: Data(writer.header.utf8))
        let sent = request
        let count = try await AdministrationConnection(administration).withClient { client in
            var (count, progress, began) = (0, ProgressLine(), ContinuousClock.now)
            defer { progress.clear() }
            for try await batch in try await TransferServiceClient(client).exportUsers(sent) {
                try handle.write(contentsOf: Data(try writer.text(of: batch).utf8))
                count += batch.users.count
                let rate = Double(count) / max(0.001, (ContinuousClock.now - began) / .seconds(1))
                progress.show("Exporting: \(count) users, \(Int(rate)) a second")
            }
            return count
        }
        guard file != "-" else { return }
        print("Exported \(count) users to \(file).")
        if writer.cut > 0 {
            print("\(writer.cut) of them have more than a row of CSV holds; JSON Lines have all of it.")
        }
    }

    private func writer() async throws -> UserFileWriter {
        guard (format ?? UserFileFormat(path: file)) == .csv else { return UserFileWriter() }
        guard secretsKeyFile == nil else { throw CommandFailure("Secrets are exported as JSON Lines only.") }
        let session = AdministrationSession(arguments: administration)
        return UserFileWriter(columns: try UserColumns(exporting: try await ProfileSchema(of: session)))
    }
}

/// The key of an export: 32 bytes in hexadecimal, in a file of its own.
enum SecretsKeyFile {
    static func read(_ path: String) throws -> SecretBytes {
        let line = String(decoding: try SecretFile.line(of: path), as: UTF8.self)
        guard let bytes = Hex.decode(line), bytes.count == 32 else {
            throw CommandFailure("\(path) must hold 64 hexadecimal digits.")
        }
        return SecretBytes(copying: bytes)
    }

    /// The key in a file; a new one where there is no file.
    static func readOrMake(_ path: String) throws -> SecretBytes {
        guard !FileManager.default.fileExists(atPath: path) else { return try read(path) }
        let key = SystemRandom().secret(32)
        let text = key.withBytes { Hex.encode(Array($0)) } + "\n"
        let isMade = FileManager.default.createFile(
            atPath: path,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard isMade else { throw CommandFailure("\(path) cannot be written.") }
        let note = "A new key is in \(path). Without it the secrets of the export are lost.\n"
        FileHandle.standardError.write(Data(note.utf8))
        return key
    }
}
