internal import ArgumentParser

/// The user a change is for, and the revision it expects.
struct UserArguments: ParsableArguments {
    @OptionGroup var administration: AdministrationArguments
    @Argument(help: "Id of the user.") var user: String
    @Option(name: .long, help: "Refuse when the user's revision is another one.") var expectedRevision: UInt64?

    /// Calls a method for this user and shows the user as it is then.
    func run(_ method: String, _ more: [String: Any] = [:]) async throws {
        var fields = more
        fields["userId"] = user
        if let expectedRevision { fields["expectedRevision"] = String(expectedRevision) }
        try await AdministrationSession(arguments: administration).run(method, fields, display: UserDisplay.user)
    }
}

extension UserCommand {
    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change what is stored about a user.")
        @OptionGroup var target: UserArguments
        @Option(name: .long, help: "Id under which an older system knew this user; empty removes it.") var externalID:
            String

        func run() async throws {
            try await target.run("UserService/UpdateUser", ["externalId": externalID, "updateMask": "externalId"])
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stop a user from signing in and end all sessions.")
        @OptionGroup var target: UserArguments
        @Option(name: .long, help: "Why; shown to administrators until the user is enabled.") var reason: String = ""

        func run() async throws { try await target.run("UserService/DisableUser", ["reason": reason]) }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a disabled or locked user sign in again.")
        @OptionGroup var target: UserArguments

        func run() async throws { try await target.run("UserService/EnableUser") }
    }

    struct Lock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop a user from signing in until a time and end all sessions."
        )
        @OptionGroup var target: UserArguments
        @Option(name: .long, help: "Until when, in UTC: 2026-12-24T18:00:00Z.") var until: String
        @Option(name: .long, help: "Why; shown to administrators until the lock is over.") var reason: String = ""

        func run() async throws {
            try await target.run("UserService/LockUser", ["lockedUntil": until, "reason": reason])
        }
    }

    struct Unlock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a locked user sign in again before the time is over."
        )
        @OptionGroup var target: UserArguments

        func run() async throws { try await target.run("UserService/UnlockUser") }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a user; can be undone for a while.")
        @OptionGroup var target: UserArguments
        @Flag(name: .long, help: "Erase at once; cannot be undone.") var immediately = false

        func run() async throws { try await target.run("UserService/DeleteUser", ["immediately": immediately]) }
    }

    struct Undelete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a deletion back.")
        @OptionGroup var target: UserArguments

        func run() async throws { try await target.run("UserService/UndeleteUser") }
    }
}

/// How users look on a terminal.
enum UserDisplay {
    static func user(_ answer: JSONAnswer) -> String {
        let user = answer["user"]
        guard user.isPresent else { return "Erased." }
        var fields = [("id", user["id"].text), ("state", state(user))]
        if !user["stateReason"].text.isEmpty { fields.append(("reason", user["stateReason"].text)) }
        let change = user["stateChange"]
        if change.isPresent {
            let actor = [change["actorKind"].text, change["actorId"].text].filter { !$0.isEmpty }
            fields.append(("by", UserDisplay.word(actor.joined(separator: " "), after: "")))
        }
        for (key, name) in [
            ("lockedUntil", "locked until"), ("deleteAfter", "erased after"), ("externalId", "external id"),
        ]
        where !user[key].text.isEmpty {
            fields.append((name, user[key].text))
        }
        for identifier in user["identifiers"].elements {
            let notes = [
                identifier["primary"].text == "yes" ? "primary" : nil,
                identifier["verifyTime"].isPresent ? "verified" : "not verified",
            ]
            fields.append(
                (kind(identifier), "\(identifier["value"].text) (\(notes.compactMap { $0 }.joined(separator: ", ")))")
            )
        }
        fields += [
            ("revision", user["revision"].text), ("created", user["createTime"].text),
            ("updated", user["updateTime"].text),
        ]
        return FieldList(fields: fields).text
    }

    static func row(_ user: JSONAnswer) -> [String] {
        let names = user["identifiers"].elements.map { $0["value"].text }.joined(separator: ", ")
        return [user["id"].text, state(user), names, user["createTime"].text]
    }

    /// The id and these fields, by their names in JSON.
    static func row(_ user: JSONAnswer, _ fields: [String]) -> [String] {
        [user["id"].text]
            + fields.map { field in
                switch field {
                case "state": state(user)
                case "identifiers": user[field].elements.map { $0["value"].text }.joined(separator: ", ")
                case "stateChange": user[field]["changeTime"].text
                default: user[field].text
                }
            }
    }

    /// `external_id` as JSON calls it: `externalId`.
    static func jsonName(_ field: String) -> String {
        let words = field.split(separator: "_")
        return (words.prefix(1).map(String.init) + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() })
            .joined()
    }

    private static func state(_ user: JSONAnswer) -> String {
        word(user["state"].text, after: "USER_STATE_")
    }

    private static func kind(_ identifier: JSONAnswer) -> String {
        word(identifier["kind"].text, after: "IDENTIFIER_KIND_")
    }

    /// `USER_STATE_PENDING_DELETION` as `pending deletion`.
    static func word(_ name: String, after prefix: String) -> String {
        let rest = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        return rest.lowercased().split(separator: "_").joined(separator: " ")
    }
}
