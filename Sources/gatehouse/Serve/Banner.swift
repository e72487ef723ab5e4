internal import Foundation

/// What `serve` tells the person at the terminal, once everything listens.
actor Banner {
    private let settings: Settings
    private let directory: DataDirectory
    private var sitePort: Int?
    private var rpcPort: Int?
    private var operationsPort: Int?

    init(settings: Settings, directory: DataDirectory) {
        self.settings = settings
        self.directory = directory
    }

    func siteListens(on port: Int) {
        sitePort = port
        printWhenComplete()
    }

    func rpcListens(on port: Int) {
        rpcPort = port
        printWhenComplete()
    }

    func operationsListens(on port: Int) {
        operationsPort = port
        printWhenComplete()
    }

    private func printWhenComplete() {
        guard let sitePort, let rpcPort, let operationsPort else { return }
        let site = settings.site.url.isEmpty ? "http://localhost:\(sitePort)" : settings.site.url
        var lines = [
            "Gatehouse \(Gatehouse.version) is ready.",
            "",
            "  Site      \(site)",
            "  RPC       \(settings.rpc.host):\(rpcPort)\(rpcNote)",
        ]
        if let socket = settings.rpcSocketPath(in: directory) {
            lines.append("            \(socket) (for the commands on this machine)")
        }
        lines.append("  Health    http://\(settings.operations.host):\(operationsPort)/readyz")
        if settings.mail.delivery == .mailbox {
            lines.append("  Mailbox   \(directory.file("mailbox")) (messages are written here, not sent)")
        }
        lines += ["", "  First administrator:  \(bootstrapLine)", "", "Ctrl-C stops it."]
        // Written at once, also into a pipe, where print would keep it in a buffer.
        FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }

    private var rpcNote: String {
        guard settings.rpc.usesTLS else { return " (plaintext, this machine only)" }
        guard settings.rpc.certificateFile.isEmpty else { return " (TLS 1.3)" }
        return " (TLS 1.3, self-signed: \(directory.file("rpc-certificate.pem")))"
    }

    private var bootstrapLine: String {
        let program = CommandLine.arguments.first ?? "gatehouse"
        let directory =
            settings.dataDirectory == Options.dataDirectory.fallback
            ? "" : " --data-directory \(settings.dataDirectory)"
        return "\(program) bootstrap\(directory)"
    }
}
