internal import ArgumentParser

extension UserCommand {
    /// Whose stays where only one can.
    enum Side: String, CaseIterable, ExpressibleByArgument {
        case source, target

        /// The value's name in the protobuf enumeration.
        var wireName: String {
            switch self {
            case .source: "MERGE_SIDE_SOURCE"
            case .target: "MERGE_SIDE_TARGET"
            }
        }
    }

    struct Merge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make two accounts of one person one; the source is erased, which cannot be undone."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the account that is erased in the end.") var source: String
        @Argument(help: "Id of the account that stays.") var target: String
        @Option(name: .long, help: "Whose external id stays, when both have one.") var externalID: Side?
        @Option(name: .long, help: "Whose login name stays, when both have one.") var username: Side?
        @Option(name: .long, help: "Whose password stays, when both have one.") var password: Side?

        @Option(name: .long, help: "Whose profile stays, when both have one.") var profile: Side?

        func run() async throws {
            var fields: [String: Any] = ["sourceUserId": source, "targetUserId": target]
            fields["externalId"] = externalID?.wireName
            fields["username"] = username?.wireName
            fields["password"] = password?.wireName
            fields["profile"] = profile?.wireName
            try await AdministrationSession(arguments: administration)
                .run("UserService/MergeUsers", fields, display: UserDisplay.user)
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print everything that is stored about a person, as JSON without secrets."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("UserService/ExportUser", ["userId": user]) { $0["documentJson"].text }
        }
    }
}
