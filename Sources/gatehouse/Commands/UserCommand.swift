internal import ArgumentParser

/// Users: their names and whether they may sign in.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Create, find, name, disable, lock and delete users.",
        subcommands: [
            Create.self, Show.self, Find.self, Search.self, List.self, Update.self, AddIdentifier.self,
            RemoveIdentifier.self, SetPrimary.self, SetUsername.self, Disable.self, Enable.self, Lock.self, Unlock.self,
            Delete.self, Undelete.self, Merge.self, Export.self, Claims.self, Roles.self,
            Groups.self,
        ]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create a user.")
        @OptionGroup var administration: AdministrationArguments
        @Option(name: .long, help: "E-mail address; may be given several times, the first is the primary one.")
        var email: [String] = []
        @Option(name: .long, help: "Phone number, E.164: +4366012345678.")
        var phone: [String] = []
        @Option(name: .long, help: "Login name.")
        var username: String?
        @Option(name: .long, help: "Id under which an older system knew this user.")
        var externalID: String?

        func run() async throws {
            let names =
                email.map { ("EMAIL", $0) } + phone.map { ("PHONE", $0) } + (username.map { [("USERNAME", $0)] } ?? [])
            let identifiers = names.map { ["kind": "IDENTIFIER_KIND_\($0.0)", "value": $0.1] }
            let fields: [String: Any] = ["identifiers": identifiers, "externalId": externalID ?? ""]
            try await AdministrationSession(arguments: administration)
                .run("UserService/CreateUser", fields, display: UserDisplay.user)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one user.")
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "Id of the user.") var user: String

        func run() async throws {
            try await AdministrationSession(arguments: administration)
                .run("UserService/GetUser", ["userId": user], display: UserDisplay.user)
        }
    }

    struct Find: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Find the user who has a name.")
        @OptionGroup var administration: AdministrationArguments
        @Option(name: .long, help: "By e-mail address.") var email: String?
        @Option(name: .long, help: "By phone number, E.164.") var phone: String?
        @Option(name: .long, help: "By login name.") var username: String?
        @Option(name: .long, help: "By the id under which an older system knew this user.") var externalID: String?

        func validate() throws {
            guard [email, phone, username, externalID].compactMap({ $0 }).count == 1 else {
                throw ValidationError("Give exactly one of --email, --phone, --username and --external-id.")
            }
        }

        func run() async throws {
            let names = ["email": email, "phone": phone, "username": username, "externalId": externalID]
            try await AdministrationSession(arguments: administration)
                .run("UserService/FindUser", names.compactMapValues { $0 }, display: UserDisplay.user)
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the users whom a text could mean: by id, or by the beginning of a name or address."
        )
        @OptionGroup var administration: AdministrationArguments
        @Argument(help: "What an id is, or an address, login name, external id or name begins with.") var query: String
        @Option(name: .long, help: "Most users to show, 1 to 100.") var limit: UInt32 = 20

        func run() async throws {
            let fields: [String: Any] = ["query": query, "limit": limit]
            try await AdministrationSession(arguments: administration)
                .run("UserService/FindUsers", fields) { answer in
                    let rows = answer["users"].elements.map(UserDisplay.row)
                    guard !rows.isEmpty else { return "None." }
                    return Table(header: ["ID", "STATE", "NAMES", "CREATED"], rows: rows).text
                }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List users, all or those who fulfil a filter.")
        @OptionGroup var administration: AdministrationArguments
        @Option(name: .long, help: "Only users in this state.") var state: State?
        @Option(
            name: .long,
            help: "Filter of RFC 7644, such as: email sw \"ada\" and create_time ge \"2026-01-01T00:00:00Z\"."
        )
        var filter: String = ""
        @Option(name: .long, help: "Order: the path of an attribute, then asc or desc.") var sort: String = ""
        @Option(name: .long, help: "Fields to show beside the id, with commas between: state,external_id,identifiers.")
        var fields: String = ""
        @OptionGroup var length: ListLimit

        func run() async throws {
            var request: [String: Any] = ["filter": filter, "sort": sort]
            request["state"] = state?.wireName
            let names = fields.split(separator: ",").map { $0.filter { $0 != " " } }
            let columns = names.map(UserDisplay.jsonName)
            if !columns.isEmpty { request["readMask"] = columns.joined(separator: ",") }
            try await AdministrationSession(arguments: administration).list(
                "UserService/ListUsers",
                request,
                items: "users",
                limit: length.limit,
                header: columns.isEmpty ? ["ID", "STATE", "NAMES", "CREATED"] : ["ID"] + names.map { $0.uppercased() },
                row: { columns.isEmpty ? UserDisplay.row($0) : UserDisplay.row($0, columns) }
            )
        }

        /// The states by which users are listed.
        enum State: String, CaseIterable, ExpressibleByArgument {
            case active, disabled, locked
            case pendingDeletion = "pending-deletion"

            /// The value's name in the protobuf enumeration.
            var wireName: String {
                switch self {
                case .active: "USER_STATE_ACTIVE"
                case .disabled: "USER_STATE_DISABLED"
                case .locked: "USER_STATE_LOCKED"
                case .pendingDeletion: "USER_STATE_PENDING_DELETION"
                }
            }
        }
    }
}
