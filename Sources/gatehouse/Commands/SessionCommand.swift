internal import ArgumentParser

/// Sessions of users.
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "List and end sessions.",
        subcommands: [List.self, Revoke.self, RevokeAll.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the live sessions of a user, newest first.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String
        @OptionGroup var length: ListLimit

        func run() async throws {
            try await AdministrationSession(arguments: administration).list(
                "SessionService/ListSessions",
                ["userId": user],
                items: "sessions",
                limit: length.limit,
                header: ["ID", "LEVEL", "SIGNED IN", "LAST USED", "FROM", "BROWSER"]
            ) { session in
                [
                    session["id"].text, UserDisplay.word(session["assuranceLevel"].text, after: "ASSURANCE_LEVEL_"),
                    session["createTime"].text, session["lastUseTime"].text, session["sourceAddress"].text,
                    String(session["userAgent"].text.prefix(60)),
                ]
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End one session.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the session.") var session: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("SessionService/RevokeSession", ["sessionId": session]) { _ in "Ended." }
        }
    }

    struct RevokeAll: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End all sessions of a user.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("SessionService/RevokeUserSessions", ["userId": user]) { answer in
                    "Ended: \(answer["revoked"].text.isEmpty ? "0" : answer["revoked"].text)."
                }
        }
    }
}
