internal import ArgumentParser

/// Roles, and who has them.
struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Make, change and delete roles, give and take them, and tell who has them and why.",
        subcommands: [
            CreateCollective<RoleNoun>.self, ShowCollective<RoleNoun>.self, ListCollectives<RoleNoun>.self,
            UpdateCollective<RoleNoun>.self, DeleteCollective<RoleNoun>.self, Give.self, Take.self, Holders.self,
            Check.self, Why.self,
        ]
    )

    struct Give: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a role to a user, to everybody in a group, or to a service account to administer."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the role.") var role: String
        @OptionGroup var holder: HolderArguments
        @OptionGroup var terms: TermsArguments

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            var fields = try await holder.fields(session)
            fields["roleId"] = try await session.id(of: role, RoleNoun.self)
            fields.merge(terms.fields) { $1 }
            try await session.run("MembershipService/AddRole", fields, display: TermsArguments.given)
        }
    }

    struct Take: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a role from whom it was given to; a user may still have it through a group."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the role.") var role: String
        @OptionGroup var holder: HolderArguments

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            var fields = try await holder.fields(session)
            fields["roleId"] = try await session.id(of: role, RoleNoun.self)
            try await session.run("MembershipService/RemoveRole", fields) { _ in "Taken." }
        }
    }

    struct Holders: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the users who have a role.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the role.") var role: String
        @Flag(name: .long, help: "Also those whom groups give it.") var effective = false
        @OptionGroup var length: ListLimit

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            try await session.list(
                "MembershipService/ListRoleHolders",
                ["roleId": try await session.id(of: role, RoleNoun.self), "effective": effective],
                items: "holders",
                limit: length.limit,
                header: ["USER", "GIVEN HIMSELF", "UNTIL", "THROUGH GROUP"]
            ) { holder in
                let own = holder["assignment"]
                let until = own["expireTime"].text
                return [
                    holder["userId"].text, own.isPresent ? "yes" : "", own.isPresent && until.isEmpty ? "-" : until,
                    holder["groupId"].text,
                ]
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether a user has a role, by himself or through any group; exits with 3 when not."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the role.") var role: String
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            let fields = ["roleId": try await session.id(of: role, RoleNoun.self), "userId": user]
            var holds = false
            try await session.run("MembershipService/HoldsRole", fields) { answer in
                holds = answer["holds"].text == "yes"
                return holds ? "yes" : "no"
            }
            if !administration.json, !holds { throw ExitCode(3) }
        }
    }

    struct Why: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tell by which ways a user has a role.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the role.") var role: String
        @Argument(help: "Id of the user.") var user: String
        @Option(name: .long, help: "Ways to tell at most, 1 to 100.") var limit = 20

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            let fields: [String: Any] = [
                "roleId": try await session.id(of: role, RoleNoun.self), "userId": user, "maximumPaths": limit,
            ]
            guard !administration.json else {
                return try await session.run("MembershipService/ExplainRole", fields) { _ in "" }
            }
            let paths = try await session.ask("MembershipService/ExplainRole", fields)["paths"].elements
            guard !paths.isEmpty else { return print("The user does not have the role.") }
            var names: [String: String] = [:]
            for path in paths {
                var way: [String] = []
                for id in path["groupIds"].elements.map(\.text) {
                    if names[id] == nil { names[id] = await session.name(of: id, GroupNoun.self) }
                    way.append(TerminalText.safe(names[id] ?? id))
                }
                let until = path["expireTime"].text
                let told = way.isEmpty ? "given to the user" : "through \(way.joined(separator: " in "))"
                print(until.isEmpty ? told : "\(told), until \(until)")
            }
        }
    }
}

/// Whom a role is given to or taken from: exactly one.
struct HolderArguments: ParsableArguments {
    @Option(name: .long, help: "Id of the user.") var user: String?
    @Option(name: .long, help: "Name or id of the group.") var group: String?
    @Option(name: .long, help: "Id of the service account.") var serviceAccount: String?

    func validate() throws {
        guard [user, group, serviceAccount].compactMap({ $0 }).count == 1 else {
            throw ValidationError("Give exactly one of --user, --group and --service-account.")
        }
    }

    func fields(_ session: AdministrationSession) async throws -> [String: Any] {
        if let user { return ["userId": user] }
        if let serviceAccount { return ["serviceAccountId": serviceAccount] }
        return ["groupId": try await session.id(of: group ?? "", GroupNoun.self)]
    }
}

/// How something is given.
struct TermsArguments: ParsableArguments {
    @Option(name: .long, help: "Until when, in UTC: 2026-12-24T18:00:00Z; for good if not given.") var until: String?
    @Flag(name: .long, help: "The holder may pass it on, and take it from others.") var mayGrant = false

    var fields: [String: Any] {
        var fields: [String: Any] = ["mayGrant": mayGrant]
        fields["expireTime"] = until
        return fields
    }

    /// How what was given looks on a terminal.
    static func given(_ answer: JSONAnswer) -> String {
        let until = answer["assignment"]["expireTime"].text
        let passedOn = answer["assignment"]["mayGrant"].text == "yes" ? ", to be passed on" : ""
        return (until.isEmpty ? "Given for good" : "Given until \(until)") + passedOn + "."
    }
}
