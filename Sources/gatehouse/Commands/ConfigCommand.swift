internal import ArgumentParser

/// Checks and explains the configuration.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check the configuration, or list every setting.",
        subcommands: [Check.self, Reference.self]
    )

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Read the configuration and report every problem.")

        @OptionGroup var settings: SettingsArguments

        func run() async throws {
            let problems = settings.problems()
            guard problems.isEmpty else { throw CommandFailure(ConfigurationError(problems: problems).description) }
            let read = try settings.load()
            _ = try read.identityPolicy(siteURL: read.publicSiteURL)
            _ = try AuthenticatorMetadataFile(read.passkeys, at: SystemWallClock().now())
            print("The configuration is valid.")
        }
    }

    struct Reference: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print every setting as a Markdown table.")

        func run() async throws {
            print(ConfigurationReference.markdown)
        }
    }
}
