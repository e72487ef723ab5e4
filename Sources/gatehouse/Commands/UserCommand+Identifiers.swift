internal import ArgumentParser

extension UserCommand {
    struct AddIdentifier: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a user a name, which its owner has yet to prove."
        )
        @OptionGroup var target: UserArguments
        @Option(name: .long, help: "E-mail address.") var email: String?
        @Option(name: .long, help: "Phone number, E.164: +4366012345678.") var phone: String?
        @Option(name: .long, help: "Login name.") var username: String?

        private var name: (kind: String, value: String)? {
            let names = [email.map { ("EMAIL", $0) }, phone.map { ("PHONE", $0) }, username.map { ("USERNAME", $0) }]
                .compactMap { $0 }
            return names.count == 1 ? names.first : nil
        }

        func validate() throws {
            guard name != nil else { throw ValidationError("Give exactly one of --email, --phone and --username.") }
        }

        func run() async throws {
            guard let name else { return }
            let fields = ["kind": "IDENTIFIER_KIND_\(name.kind)", "value": name.value]
            try await target.run("IdentifierService/AddIdentifier", fields)
        }
    }

    struct RemoveIdentifier: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a name from a user; a verified address is told, with a link that brings it back."
        )
        @OptionGroup var target: UserArguments
        @Argument(help: "Id of the identifier; `user show --json` lists them.") var identifier: String
        @OptionGroup var last: LastWayIn

        func run() async throws {
            let fields: [String: Any] = ["identifierId": identifier, "evenIfLastWayIn": last.evenIfLastWayIn]
            try await target.run("IdentifierService/RemoveIdentifier", fields)
        }
    }

    struct SetPrimary: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a verified name the main one of its kind.")
        @OptionGroup var target: UserArguments
        @Argument(help: "Id of the identifier; `user show --json` lists them.") var identifier: String

        func run() async throws {
            try await target.run("IdentifierService/SetPrimaryIdentifier", ["identifierId": identifier])
        }
    }

    struct SetUsername: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set, change or remove the login name of a user.")
        @OptionGroup var target: UserArguments
        @Option(name: .long, help: "Login name; empty removes it.") var username: String
        @OptionGroup var last: LastWayIn

        func run() async throws {
            let fields: [String: Any] = ["username": username, "evenIfLastWayIn": last.evenIfLastWayIn]
            try await target.run("IdentifierService/SetUsername", fields)
        }
    }
}
