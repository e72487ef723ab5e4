internal import ArgumentParser

/// Whether an administrator insists on taking the last way in from a user.
struct LastWayIn: ParsableArguments {
    @Flag(name: .long, help: "Also when the user cannot sign in any more without it.")
    var evenIfLastWayIn = false
}

/// Passkeys of users.
struct PasskeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passkey",
        abstract: "List and remove passkeys.",
        subcommands: [List.self, Remove.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the passkeys of a user.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("PasskeyService/ListPasskeys", ["userId": user]) { answer in
                    let rows = answer["passkeys"].elements.map { passkey in
                        [
                            passkey["id"].text, passkey["name"].text, passkey["model"].text,
                            passkey["createTime"].text, passkey["lastUseTime"].text,
                            passkey["suspectedCopyTime"].text,
                        ]
                    }
                    let header = ["ID", "NAME", "MODEL", "ADDED", "LAST USED", "SUSPECTED COPY"]
                    return rows.isEmpty ? "None." : Table(header: header, rows: rows).text
                }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a passkey of a user who lost it; the user is told by mail."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String
        @Argument(help: "Id of the passkey.") var passkey: String
        @OptionGroup var last: LastWayIn

        func run() async throws {
            let fields: [String: Any] = [
                "userId": user, "passkeyId": passkey, "evenIfLastWayIn": last.evenIfLastWayIn,
            ]
            try await AdministrationSession(arguments: administration)
                .run("PasskeyService/RemovePasskey", fields) { _ in "Removed." }
        }
    }
}

/// Authenticator apps of users.
struct TotpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "totp",
        abstract: "List and remove authenticator apps.",
        subcommands: [List.self, Remove.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the authenticator apps of a user.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("TotpService/ListTotpDevices", ["userId": user]) { answer in
                    let rows = answer["devices"].elements.map { device in
                        [
                            device["id"].text, device["name"].text, device["createTime"].text,
                            device["confirmTime"].text.isEmpty ? "waiting for its first code" : "in use",
                            device["lastUseTime"].text,
                        ]
                    }
                    let header = ["ID", "NAME", "ADDED", "STATE", "LAST USED"]
                    return rows.isEmpty ? "None." : Table(header: header, rows: rows).text
                }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove an authenticator app of a user who lost it; the user is told by mail."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String
        @Argument(help: "Id of the app.") var device: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("TotpService/RemoveTotpDevice", ["userId": user, "deviceId": device]) { _ in "Removed." }
        }
    }
}
