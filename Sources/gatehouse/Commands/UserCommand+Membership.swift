internal import ArgumentParser

extension UserCommand {
    struct Roles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the roles of a user.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String
        @Flag(name: .long, help: "Also those that groups give him.") var effective = false

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .printRoles("MembershipService/ListUserRoles", ["userId": user, "effective": effective])
        }
    }

    struct Groups: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the groups that a user is in.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String
        @Flag(name: .long, help: "Also the groups above them.") var effective = false

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            let fields: [String: Any] = ["userId": user, "effective": effective]
            guard !administration.json else {
                return try await session.run("MembershipService/ListUserGroups", fields) { _ in "" }
            }
            let answer = try await session.ask("MembershipService/ListUserGroups", fields)
            await session.printGroups(answer["groupIds"].elements.map(\.text))
        }
    }
}

extension ServiceAccountCommand {
    struct Roles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the roles that a service account may give, take and administer."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the service account.") var account: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .printRoles("MembershipService/ListServiceAccountRoles", ["serviceAccountId": account])
        }
    }
}
