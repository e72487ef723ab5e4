internal import ArgumentParser

/// Service accounts: the programs that call.
struct ServiceAccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-account",
        abstract: "Create service accounts, set their scopes, rotate their tokens.",
        subcommands: [
            Create.self, Show.self, List.self, Update.self, Delete.self, CreateToken.self, RevokeToken.self,
            Roles.self,
        ]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create a service account; it has no token yet.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name, unique.") var name: String
        @Option(name: .long, help: "A permission it gets, such as users.read; may be given several times.")
        var scope: [String] = []
        @Option(name: .long, help: "What it is for, in a sentence.") var description: String = ""
        @Option(
            name: .long,
            help: "URI or DNS name in a client certificate that stands for it; may be given several times."
        )
        var certificateName: [String] = []

        func run() async throws {
            let fields: [String: Any] = [
                "name": name, "description": description, "scopes": scope, "certificateNames": certificateName,
            ]
            try await AdministrationSession(arguments: administration)
                .run("ServiceAccountService/CreateServiceAccount", fields, display: ServiceAccountDisplay.account)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one service account with its tokens.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the service account.") var account: String

        func run() async throws {
            try await AdministrationSession(arguments: administration).run(
                "ServiceAccountService/GetServiceAccount",
                ["serviceAccountId": account],
                display: ServiceAccountDisplay.account
            )
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List service accounts.")
        @OptionGroup var administration: AdministrationArguments
        @OptionGroup var length: ListLimit

        func run() async throws {
            try await AdministrationSession(arguments: administration).list(
                "ServiceAccountService/ListServiceAccounts",
                [:],
                items: "serviceAccounts",
                limit: length.limit,
                header: ["ID", "NAME", "SCOPES", "TOKENS", ""]
            ) { account in
                [
                    account["id"].text, account["name"].text, ServiceAccountDisplay.scopes(account),
                    String(account["tokens"].elements.count), account["disabled"].text == "yes" ? "disabled" : "",
                ]
            }
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a service account; what is not given stays.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the service account.") var account: String
        @Option(name: .long, help: "A new name.") var name: String?
        @Option(name: .long, help: "A new description.") var description: String?
        @Option(name: .long, help: "The permissions it has from now on; may be given several times.") var scope:
            [String] = []
        @Flag(name: .long, inversion: .prefixedEnableDisable, help: "Whether its calls are served.") var calls: Bool?

        func run() async throws {
            var fields: [String: Any] = ["serviceAccountId": account]
            fields["name"] = name
            fields["description"] = description
            if !scope.isEmpty { fields["scopes"] = scope }
            if let calls { fields["disabled"] = !calls }
            let mask = fields.keys.filter { $0 != "serviceAccountId" }.sorted()
            guard !mask.isEmpty else { throw CommandFailure("Nothing to change was given.") }
            fields["updateMask"] = mask.joined(separator: ",")
            try await AdministrationSession(arguments: administration)
                .run("ServiceAccountService/UpdateServiceAccount", fields, display: ServiceAccountDisplay.account)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a service account with its tokens.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the service account.") var account: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("ServiceAccountService/DeleteServiceAccount", ["serviceAccountId": account]) { _ in "Deleted." }
        }
    }
}
