internal import ArgumentParser

/// Runs the server until a signal ends it.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server: the RPC interface and the site.",
        discussion: """
            Without a database setting a private MariaDB runs in the data directory. Ctrl-C or SIGTERM ends everything \
            after the calls in flight are answered.
            """
    )

    @OptionGroup var settings: SettingsArguments

    func run() async throws {
        try await Server(settings: settings.load()).run()
    }
}
