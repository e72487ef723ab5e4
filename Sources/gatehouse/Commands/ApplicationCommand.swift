internal import ArgumentParser

/// Applications: where the site hands sign-ins over.
struct ApplicationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "application",
        abstract: "Register applications on other domains to which the site hands sign-ins over.",
        subcommands: [Create.self, Show.self, List.self, Update.self, Delete.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Register an application; its id is its `client`.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name, unique; people see it.") var name: String
        @Option(name: .long, help: "Id of the service account whose token redeems its tickets.")
        var serviceAccount: String
        @Option(name: .long, help: "An exact address that sign-ins may lead to; may be given several times.")
        var returnTo: [String]
        @OptionGroup var details: ApplicationDetails

        func run() async throws {
            var fields = details.fields
            fields.merge(["name": name, "serviceAccountId": serviceAccount, "returnAddresses": returnTo]) { $1 }
            try await AdministrationSession(arguments: administration)
                .run("ApplicationService/CreateApplication", fields, display: ApplicationDisplay.application)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one application.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the application.") var application: String

        func run() async throws {
            try await AdministrationSession(arguments: administration).run(
                "ApplicationService/GetApplication",
                ["applicationId": application],
                display: ApplicationDisplay.application
            )
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List applications.")
        @OptionGroup var administration: AdministrationArguments
        @OptionGroup var length: ListLimit

        func run() async throws {
            try await AdministrationSession(arguments: administration).list(
                "ApplicationService/ListApplications",
                [:],
                items: "applications",
                limit: length.limit,
                header: ["ID", "NAME", "RETURNS TO", ""]
            ) { application in
                [
                    application["id"].text, application["name"].text,
                    application["returnAddresses"].elements.map(\.text).joined(separator: ", "),
                    application["disabled"].text == "yes" ? "disabled" : "",
                ]
            }
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change an application; what is not given stays.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the application.") var application: String
        @Option(name: .long, help: "A new name.") var name: String?
        @Option(name: .long, help: "Id of the service account that redeems from now on; `none`: nobody.")
        var serviceAccount: String?
        @Option(name: .long, help: "The addresses that sign-ins may lead to from now on; may be given several times.")
        var returnTo: [String] = []
        @OptionGroup var details: ApplicationDetails
        @Flag(
            name: .long,
            inversion: .prefixedEnableDisable,
            help: "Whether sign-ins are handed to it; disabling ends its sessions."
        )
        var handOver: Bool?

        func run() async throws {
            var fields = details.fields
            fields["name"] = name
            if let serviceAccount { fields["serviceAccountId"] = serviceAccount == "none" ? "" : serviceAccount }
            if !returnTo.isEmpty { fields["returnAddresses"] = returnTo }
            if let handOver { fields["disabled"] = !handOver }
            guard !fields.isEmpty else { throw CommandFailure("Nothing to change was given.") }
            fields["updateMask"] = fields.keys.sorted().joined(separator: ",")
            fields["applicationId"] = application
            try await AdministrationSession(arguments: administration)
                .run("ApplicationService/UpdateApplication", fields, display: ApplicationDisplay.application)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete an application; its sessions end.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the application.") var application: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("ApplicationService/DeleteApplication", ["applicationId": application]) { _ in "Deleted." }
        }
    }
}

/// What may be said of an application beside its name and addresses.
struct ApplicationDetails: ParsableArguments {
    @Option(name: .long, help: "An exact address that signing out may lead to; may be given several times.")
    var signedOutTo: [String] = []
    @Option(name: .long, help: "A scope whose claims it gets, such as email; may be given several times.")
    var claimScope: [String] = []
    @Option(name: .long, help: "What its sign-ins must reach.") var demand: DemandArgument?
    @Flag(
        name: .long,
        inversion: .prefixedNo,
        help: "Whether each sign-in must come with a challenge, without which a stolen ticket is worth something."
    )
    var challenge: Bool?

    /// The fields of a request that were given.
    var fields: [String: Any] {
        var fields: [String: Any] = [:]
        if !signedOutTo.isEmpty { fields["signedOutAddresses"] = signedOutTo }
        if !claimScope.isEmpty { fields["claimScopes"] = claimScope }
        if let demand { fields["demand"] = demand.wireName }
        if let challenge { fields["allowsMissingChallenge"] = !challenge }
        return fields
    }
}

enum ApplicationDisplay {
    static func application(_ answer: JSONAnswer) -> String {
        let application = answer["application"]
        var fields = [
            ("id", application["id"].text), ("name", application["name"].text),
            ("redeemed by", application["serviceAccountId"].text),
            ("hand-over", application["disabled"].text == "yes" ? "disabled" : "enabled"),
        ]
        for address in application["returnAddresses"].elements { fields.append(("returns to", address.text)) }
        for address in application["signedOutAddresses"].elements { fields.append(("signed out to", address.text)) }
        let scopes = application["claimScopes"].elements.map(\.text)
        if !scopes.isEmpty { fields.append(("claims of", scopes.joined(separator: ", "))) }
        fields.append(("challenge", application["allowsMissingChallenge"].text == "yes" ? "not needed" : "needed"))
        fields.append(("revision", application["revision"].text))
        return FieldList(fields: fields).text
    }
}
