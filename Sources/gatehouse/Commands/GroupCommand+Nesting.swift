internal import ArgumentParser

extension GroupCommand {
    struct Nest: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a group into another: everybody in it gets what the other gives."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the group.") var child: String
        @Argument(help: "Name or id of the group to put it into.") var parent: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .changeNesting("AddSubgroup", ["childId": child, "parentId": parent], "Nested.")
        }
    }

    struct Unnest: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a group out of another.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the group.") var child: String
        @Argument(help: "Name or id of the group that it is in.") var parent: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .changeNesting("RemoveSubgroup", ["childId": child, "parentId": parent], "Taken out.")
        }
    }

    struct Move: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a group out of one and put it into another, at once."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Name or id of the group.") var child: String
        @Option(name: .long, help: "Name or id of the group that it is in.") var from: String
        @Option(name: .long, help: "Name or id of the group to put it into.") var to: String

        func run() async throws {
            let groups = ["childId": child, "oldParentId": from, "newParentId": to]
            try await AdministrationSession(arguments: administration).changeNesting("MoveSubgroup", groups, "Moved.")
        }
    }

    struct Subgroups: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the groups that are in a group.")
        @OptionGroup var list: NestingList

        func run() async throws { try await list.run("ListSubgroups") }
    }

    struct Parents: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the groups that a group is in.")
        @OptionGroup var list: NestingList

        func run() async throws { try await list.run("ListParentGroups") }
    }
}

/// A list of the groups below or above one.
struct NestingList: ParsableArguments {
    @OptionGroup var administration: AdministrationArguments
    @Argument(help: "Name or id of the group.") var group: String
    @Flag(name: .long, help: "At any depth.") var effective = false
    @OptionGroup var length: ListLimit

    func run(_ method: String) async throws {
        let session = AdministrationSession(arguments: administration)
        let fields: [String: Any] = [
            "groupId": try await session.id(of: group, GroupNoun.self), "effective": effective,
            "pageSize": min(length.limit, 1000),
        ]
        guard !administration.json else {
            return try await session.run("MembershipService/\(method)", fields) { _ in "" }
        }
        let answer = try await session.ask("MembershipService/\(method)", fields)
        await session.printGroups(answer["groupIds"].elements.map(\.text))
        if !answer["nextPageToken"].text.isEmpty { print("… and more; raise --limit to see them.") }
    }
}

extension AdministrationSession {
    fileprivate func changeNesting(_ method: String, _ groups: [String: String], _ done: String) async throws {
        var fields: [String: Any] = [:]
        for (field, group) in groups { fields[field] = try await id(of: group, GroupNoun.self) }
        try await run("MembershipService/\(method)", fields) { _ in done }
    }
}
