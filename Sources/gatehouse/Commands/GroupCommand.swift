internal import ArgumentParser

/// Groups, who is in them, and how they nest.
struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Make, change, nest and delete groups, and say who is in them.",
        subcommands: [
            CreateCollective<GroupNoun>.self, ShowCollective<GroupNoun>.self, ListCollectives<GroupNoun>.self,
            UpdateCollective<GroupNoun>.self, DeleteCollective<GroupNoun>.self, Add.self, Remove.self, Members.self,
            Roles.self, Nest.self, Unnest.self, Move.self, Subgroups.self, Parents.self,
        ]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put a user into a group.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the group.") var group: String
        @Argument(help: "Id of the user.") var user: String
        @OptionGroup var terms: TermsArguments

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            var fields = terms.fields
            fields["groupId"] = try await session.id(of: group, GroupNoun.self)
            fields["userId"] = user
            try await session.run("MembershipService/AddMember", fields, display: TermsArguments.given)
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a user out of a group; he may still be in it through a group in it."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the group.") var group: String
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            let fields = ["groupId": try await session.id(of: group, GroupNoun.self), "userId": user]
            try await session.run("MembershipService/RemoveMember", fields) { _ in "Removed." }
        }
    }

    struct Members: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the users in a group.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the group.") var group: String
        @Flag(name: .long, help: "Also those in the groups below it.") var effective = false
        @OptionGroup var length: ListLimit

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            try await session.list(
                "MembershipService/ListGroupMembers",
                ["groupId": try await session.id(of: group, GroupNoun.self), "effective": effective],
                items: "members",
                limit: length.limit,
                header: ["USER", "IN GROUP", "SINCE", "UNTIL"]
            ) { member in
                let own = member["assignment"]
                return [
                    member["userId"].text, member["groupId"].text, own["assignTime"].text, own["expireTime"].text,
                ]
            }
        }
    }

    struct Roles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the roles that a group gives its members.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the group.") var group: String
        @Flag(name: .long, help: "Also those of the groups above it.") var effective = false

        func run() async throws {
            let session = AdministrationSession(arguments: administration)
            let fields: [String: Any] = [
                "groupId": try await session.id(of: group, GroupNoun.self), "effective": effective,
            ]
            try await session.printRoles("MembershipService/ListGroupRoles", fields)
        }
    }
}

extension AdministrationSession {
    /// Prints the roles of an answer by their names.
    func printRoles(_ method: String, _ fields: [String: Any]) async throws {
        guard !arguments.json else { return try await run(method, fields) { _ in "" } }
        var rows: [[String]] = []
        for role in try await ask(method, fields)["roles"].elements {
            let id = role["roleId"].text
            rows.append([
                await name(of: id, RoleNoun.self), role["direct"].text == "yes" ? "itself" : "through groups",
                role["expireTime"].text, role["mayGrant"].text, id,
            ])
        }
        print(
            rows.isEmpty
                ? "None." : Table(header: ["ROLE", "GIVEN", "UNTIL", "PASSES ON", "ID"], rows: rows).text
        )
    }

    /// Prints the groups of an answer by their names.
    func printGroups(_ ids: [String]) async {
        var rows: [[String]] = []
        for id in ids { rows.append([await name(of: id, GroupNoun.self), id]) }
        print(rows.isEmpty ? "None." : Table(header: ["GROUP", "ID"], rows: rows).text)
    }
}
