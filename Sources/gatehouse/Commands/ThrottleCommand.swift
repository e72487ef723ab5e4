internal import ArgumentParser

/// Limits that users have reached.
struct ThrottleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throttle",
        abstract: "Show which limits a user has reached, and clear them.",
        subcommands: [Show.self, Clear.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the limits of a user that were ever used.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("ThrottleService/ListThrottles", ["userId": user]) { answer in
                    let rows = answer["throttles"].elements.map { throttle in
                        [
                            UserDisplay.word(throttle["kind"].text, after: "THROTTLE_KIND_"),
                            throttle["method"].text, Self.number(throttle["tries"]),
                            Self.number(throttle["failuresInARow"]), Self.state(of: throttle),
                            throttle["updateTime"].text,
                        ]
                    }
                    let header = ["COUNTS", "METHOD", "TRIES", "FAILURES IN A ROW", "STATE", "LAST"]
                    return rows.isEmpty ? "None." : Table(header: header, rows: rows).text
                }
        }

        private static func number(_ answer: JSONAnswer) -> String {
            answer.text.isEmpty ? "0" : answer.text
        }

        private static func state(of throttle: JSONAnswer) -> String {
            let (disabled, blocked) = (throttle["disableTime"].text, throttle["blockedUntil"].text)
            if !disabled.isEmpty { return "switched off since \(disabled)" }
            return blocked.isEmpty ? "open" : "blocked until \(blocked)"
        }
    }

    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget what was counted for a user, and switch on again what was switched off."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("ThrottleService/ClearThrottles", ["userId": user]) { answer in
                    "Cleared: \(answer["cleared"].text.isEmpty ? "0" : answer["cleared"].text)."
                }
        }
    }
}
