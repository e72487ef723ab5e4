internal import ArgumentParser
internal import Foundation

/// Passwords of users; nobody but their owners chooses them, and nobody is shown any.
struct PasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Show since when users have passwords, void, remove and import them.",
        subcommands: [Show.self, RequireReset.self, Remove.self, Import.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say whether a user has a password, and since when.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("PasswordService/GetPassword", ["userId": user]) { answer in
                    let password = answer["password"]
                    guard password.isPresent else { return "No password." }
                    let reset = password["resetDemandTime"].text
                    return FieldList(fields: [
                        ("Set", password["changeTime"].text),
                        ("State", reset.isEmpty ? "lets its owner in" : "to be set anew, since \(reset)"),
                    ]).text
                }
        }
    }

    struct RequireReset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Void a password: its owner signs in by another way and sets another one.",
            discussion: "All sessions of the user end, and the user is told by mail."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("PasswordService/DemandPasswordReset", ["userId": user]) { _ in
                    "Void. The user's sessions have ended, and the user is told by mail."
                }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a password that is not the only way in.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String
        @OptionGroup var last: LastWayIn

        func run() async throws {
            let fields: [String: Any] = ["userId": user, "evenIfLastWayIn": last.evenIfLastWayIn]
            try await AdministrationSession(arguments: administration)
                .run("PasswordService/RemovePassword", fields) { _ in "Removed." }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a user the password that another system has a hash of, read from standard input.",
            discussion: """
                ASP.NET Identity v2 and v3 (base 64), bcrypt, scrypt, PBKDF2 and Argon2 as PHC and Django write them, \
                SHA-crypt. It is hashed anew when its owner first signs in. Refused for users who have signed in or had a \
                password: nobody chooses theirs.
                """
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            let record = try SecretInput.line(prompt: "Record: ")
            let fields = ["userId": user, "record": Data(record.utf8).base64EncodedString()]
            try await AdministrationSession(arguments: administration)
                .run("PasswordService/ImportPasswordRecord", fields) { _ in "Imported." }
        }
    }
}

/// Recovery codes of users.
struct RecoveryCodesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery-codes",
        abstract: "Show how many recovery codes a user has left.",
        subcommands: [Show.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show how many recovery codes a user has left.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("RecoveryCodeService/CountRecoveryCodes", ["userId": user]) { answer in
                    "Left: \(answer["remaining"].text.isEmpty ? "0" : answer["remaining"].text)."
                }
        }
    }
}
