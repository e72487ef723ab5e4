internal import ArgumentParser
internal import Cryptography

/// Shows and rotates the key ring.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Show the key ring, or begin to use a new key.",
        subcommands: [List.self, Rotate.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List ids and states; never the keys.")

        @OptionGroup var settings: SettingsArguments

        func run() async throws {
            print(KeysCommand.table(of: try KeysCommand.load(settings.load())))
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a new active key; the former one still opens what it sealed. Restart every server after it."
        )

        @OptionGroup var settings: SettingsArguments

        func run() async throws {
            let settings = try settings.load()
            let ring = try KeysCommand.load(settings)
            try KeyRing.write(ring.rotated(random: SystemRandom()), to: settings.keyRingFile)
            print(KeysCommand.table(of: try KeysCommand.load(settings)))
            print("Copy the file to every node, then restart the servers one after the other.")
        }
    }

    private static func load(_ settings: Settings) throws -> KeyRing {
        try KeyRing.load(path: settings.keyRingFile, createIfMissing: false, random: SystemRandom())
    }

    private static func table(of ring: KeyRing) -> String {
        Table(header: ["KEY", "STATE"], rows: ring.keys.map { [String($0.id), $0.state.rawValue] }).text
    }
}
