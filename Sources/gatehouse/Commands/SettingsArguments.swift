internal import ArgumentParser
internal import Foundation

/// Where settings come from, for every command that needs them.
struct SettingsArguments: ParsableArguments {
    @Option(name: .long, help: "A YAML file with settings.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp(
            "Any setting, as --KEY VALUE with dashes for dots: --site-listen-port 8080. `gatehouse config reference` lists all.",
            valueName: "settings"
        )
    )
    var settings: [String] = []

    /// Reads file, environment and flags; a problem ends the command with every problem listed.
    func load() throws -> Settings {
        do {
            return try Settings(file: config, environment: ProcessInfo.processInfo.environment, flags: settings)
        } catch {
            throw CommandFailure(String(describing: error))
        }
    }
}

extension SettingsArguments {
    /// Everything that is wrong with the settings and the files they name, a sentence each; none when all is well.
    func problems() -> [String] {
        var problems: [String] = []
        let environment = ProcessInfo.processInfo.environment
        let read = Settings(file: config, environment: environment, flags: settings, problems: &problems)
        return problems + SettingsFiles(read).problems()
    }
}

/// A command's failure: one sentence for the person at the terminal.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
