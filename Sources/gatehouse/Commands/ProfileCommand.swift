internal import ArgumentParser
internal import Foundation

/// What is known of people, and the schema that says what that may be.
struct ProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Show and change profiles.",
        subcommands: [Show.self, Set.self, Find.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the profile of a user.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            try await session.run("ProfileService/GetProfile", ["userId": user], display: ProfileDisplay.profile)
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write values of a profile; what is not named stays as it is.",
            discussion: """
                A value is JSON where it reads as JSON, and else a text: given_name=Ada, age=36, tags='["a","b"]',
                nickname='"36"', address.locality=Paris. An empty one takes the value away: nickname=
                """
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String
        @Argument(help: "PATH=VALUE, for each attribute to write.") var values: [String]
        @Option(name: .long, help: "Refuse when the profile's revision is another one.") var expectedRevision: UInt64?

        func validate() throws {
            guard !values.isEmpty, values.allSatisfy({ $0.utf8.contains(UInt8(ascii: "=")) }) else {
                throw ValidationError("Give what to write as PATH=VALUE, such as given_name=Ada.")
            }
        }

        func run() async throws {
            var fields: [String: Any] = ["userId": user, "values": values.map(ProfileDisplay.value)]
            if let expectedRevision { fields["expectedRevision"] = String(expectedRevision) }
            let session = AdministrationSession(arguments: administration)
            try await session.run("ProfileService/UpdateProfile", fields, display: ProfileDisplay.profile)
        }
    }

    struct Find: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find the user who has a value of a unique attribute."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "PATH=VALUE of a unique attribute.") var value: String

        func validate() throws {
            guard value.utf8.contains(UInt8(ascii: "=")) else {
                throw ValidationError("Give the attribute as PATH=VALUE, such as employee_number=4711.")
            }
        }

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            let fields = ["attribute": ProfileDisplay.value(value)]
            try await session.run("ProfileService/FindUserByAttribute", fields, display: UserDisplay.user)
        }
    }
}

/// How profiles and their schema look on a terminal.
enum ProfileDisplay {
    static func profile(_ answer: JSONAnswer) -> String {
        let profile = answer["profile"]
        var fields = [("user", profile["userId"].text), ("revision", profile["revision"].text)]
        if fields[1].1.isEmpty { fields[1].1 = "0" }
        fields += profile["values"].elements.map { ($0["path"].text, $0["json"].text) }
        let missing = profile["missing"].elements.map(\.text)
        if !missing.isEmpty { fields.append(("required, missing", missing.joined(separator: ", "))) }
        return FieldList(fields: fields).text
    }

    static func schema(_ answer: JSONAnswer) -> String {
        let schema = answer["schema"]
        let rows = schema["attributes"].elements.map(row)
        let table = Table(header: ["attribute", "kind", "flags", "seen by", "written by", "name"], rows: rows).text
        return "Version \(schema["version"].text)\n\n\(table)"
    }

    static func report(_ answer: JSONAnswer) -> String {
        let report = answer["report"]
        let count = report["invalidUsers"].text
        let all = report["profiles"].text
        guard !count.isEmpty, count != "0" else {
            return "All \(all.isEmpty ? "0" : all) profiles fit. Nothing was changed."
        }
        let rows = report["invalidByAttribute"].elements.map { [$0["path"].text, $0["users"].text] }
        return "\(count) of \(all) users would have values that no longer do. Nothing was changed.\n\n"
            + Table(header: ["attribute", "users"], rows: rows).text
    }

    /// PATH=VALUE as the request's JSON has it: JSON stays JSON, anything else is a text.
    static func value(_ text: String) -> [String: Any] {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (path, value) = (parts[0], parts.count > 1 ? parts[1] : "")
        let isJSON = (try? JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)) != nil
        guard !value.isEmpty, !isJSON else { return ["path": path, "json": value] }
        let quoted = try? JSONSerialization.data(
            withJSONObject: value,
            options: [.fragmentsAllowed, .withoutEscapingSlashes]
        )
        return ["path": path, "json": quoted.map { String(decoding: $0, as: UTF8.self) } ?? ""]
    }

    private static func row(_ attribute: JSONAnswer) -> [String] {
        let flags = ["required", "unique", "queryable", "multi", "filling"].filter { attribute[$0].text == "yes" }
        return [
            attribute["path"].text, word(attribute["kind"].text, "ATTRIBUTE_KIND_"), flags.joined(separator: " "),
            word(attribute["readers"].text, "ATTRIBUTE_ACCESS_"), word(attribute["writers"].text, "ATTRIBUTE_ACCESS_"),
            attribute["displayName"].text,
        ]
    }

    private static func word(_ name: String, _ prefix: String) -> String {
        name.replacing(prefix, with: "").lowercased().replacing("_", with: "-")
    }
}
