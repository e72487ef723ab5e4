internal import ArgumentParser
internal import Foundation

/// The schema of profiles.
struct ProfileSchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Show and change the schema of profiles.",
        subcommands: [Show.self, Add.self, Put.self, Remove.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show all attributes.")
        @OptionGroup var administration: AdministrationArguments

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            try await session.run("ProfileService/GetProfileSchema", [:], display: ProfileDisplay.schema)
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add ready-made attributes: the standard claims of OpenID Connect, such as birthdate and address."
        )
        @OptionGroup var change: SchemaChangeArguments
        @Argument(help: "Codes of the attributes.") var codes: [String]

        func run() async throws { try await change.run(["addStandard": codes]) }
    }

    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add attributes, or write them whole where they are there already.",
            discussion: """
                The file is a JSON array of attributes as `schema show --json` prints them, for example
                [{"path":"employee_number","kind":"ATTRIBUTE_KIND_STRING","unique":true,"queryable":true}]
                """
        )
        @OptionGroup var change: SchemaChangeArguments
        @Argument(help: "File with the attributes; - for standard input.") var file: String

        func run() async throws {
            let data: Data
            do {
                data =
                    file == "-"
                    ? FileHandle.standardInput.readDataToEndOfFile() : try Data(contentsOf: URL(filePath: file))
            } catch {
                throw CommandFailure("\(file) cannot be read.")
            }
            guard let attributes = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]] else {
                throw CommandFailure("\(file) is not a JSON array of attributes.")
            }
            try await change.run(["put": attributes])
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove attributes with their sub-attributes, and their values from all profiles."
        )
        @OptionGroup var change: SchemaChangeArguments
        @Argument(help: "Paths of the attributes.") var paths: [String]

        func run() async throws { try await change.run(["remove": paths]) }
    }
}

/// What every change of the schema takes.
struct SchemaChangeArguments: ParsableArguments {
    @OptionGroup var administration: AdministrationArguments
    @Flag(name: .long, help: "Change nothing; count the users whose values would no longer do.") var dryRun = false
    @Option(name: .long, help: "Refuse when the schema's version is another one.") var expectedVersion: UInt64?

    /// Asks for a change, and shows the schema as it is then, or the report.
    func run(_ fields: [String: Any]) async throws {
        var fields = fields
        fields["dryRun"] = dryRun
        if let expectedVersion { fields["expectedVersion"] = String(expectedVersion) }
        let display = dryRun ? ProfileDisplay.report : ProfileDisplay.schema
        let session = AdministrationSession(arguments: administration)
        try await session.run("ProfileService/ChangeProfileSchema", fields, display: display)
    }
}
