internal import ArgumentParser

/// What tells the commands for roles from those for groups.
protocol CollectiveNoun {
    /// As commands and answers name it: `role`.
    static var word: String { get }
    /// As methods name it: `Role`.
    static var name: String { get }
}

enum RoleNoun: CollectiveNoun {
    static let word = "role"
    static let name = "Role"
}

enum GroupNoun: CollectiveNoun {
    static let word = "group"
    static let name = "Group"
}

/// What is demanded of the sign-ins of everybody who has a role or is in a group.
enum DemandArgument: String, CaseIterable, ExpressibleByArgument {
    case nothing, aal2, passkey

    /// The value's name in the protobuf enumeration.
    var wireName: String {
        switch self {
        case .nothing: "ASSURANCE_DEMAND_UNSPECIFIED"
        case .aal2: "ASSURANCE_DEMAND_AAL2"
        case .passkey: "ASSURANCE_DEMAND_PASSKEY"
        }
    }
}

struct CreateCollective<Noun: CollectiveNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "create", abstract: "Make a \(Noun.word) that nobody has.")
    }
    @OptionGroup var administration: AdministrationArguments
    @Argument(help: "Name, unique in any spelling.") var name: String
    @Option(name: .long, help: "What it is for, at most 500 characters.") var description: String = ""
    @Option(name: .long, help: "What sign-ins of everybody who has it must reach.") var demand: DemandArgument =
        .nothing

    func run() async throws {
        let fields = ["name": name, "description": description, "assuranceDemand": demand.wireName]
        try await AdministrationSession(arguments: administration)
            .run("\(Noun.name)Service/Create\(Noun.name)", fields, display: CollectiveDisplay.item(Noun.word))
    }
}

struct ShowCollective<Noun: CollectiveNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "show", abstract: "Show one \(Noun.word).")
    }
    @OptionGroup var administration: AdministrationArguments
    @Argument(help: "Name or id.") var item: String

    func run() async throws {
        let session = AdministrationSession(arguments: administration)
        let fields = ["\(Noun.word)Id": try await session.id(of: item, Noun.self)]
        try await session.run(
            "\(Noun.name)Service/Get\(Noun.name)",
            fields,
            display: CollectiveDisplay.item(Noun.word)
        )
    }
}

struct ListCollectives<Noun: CollectiveNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: "List all \(Noun.word)s, or those whose names begin in one way."
        )
    }
    @OptionGroup var administration: AdministrationArguments
    @OptionGroup var length: ListLimit
    @Option(name: .long, help: "How the names begin, in any spelling.") var prefix: String = ""
    @Option(name: .long, help: "'name', 'name desc', 'create_time' or 'create_time desc'.") var orderBy: String = ""

    func run() async throws {
        try await AdministrationSession(arguments: administration).list(
            "\(Noun.name)Service/List\(Noun.name)s",
            ["namePrefix": prefix, "orderBy": orderBy],
            items: "\(Noun.word)s",
            limit: length.limit,
            header: ["ID", "NAME", "DEMANDS", "DESCRIPTION"]
        ) { item in
            [item["id"].text, item["name"].text, CollectiveDisplay.demand(item), item["description"].text]
        }
    }
}

struct UpdateCollective<Noun: CollectiveNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "update", abstract: "Change a \(Noun.word); what is not given stays.")
    }
    @OptionGroup var administration: AdministrationArguments
    @Argument(help: "Name or id.") var item: String
    @Option(name: .long, help: "New name.") var name: String?
    @Option(name: .long, help: "New description; empty removes it.") var description: String?
    @Option(name: .long, help: "What sign-ins must reach; sessions that are below it end at once.") var demand:
        DemandArgument?
    @Option(name: .long, help: "Refuse when the revision is another one.") var expectedRevision: UInt64?

    func validate() throws {
        guard name != nil || description != nil || demand != nil else {
            throw ValidationError("Give at least one of --name, --description and --demand.")
        }
    }

    func run() async throws {
        let session = AdministrationSession(arguments: administration)
        var fields: [String: Any] = [:]
        fields["name"] = name
        fields["description"] = description
        fields["assuranceDemand"] = demand?.wireName
        fields["updateMask"] = fields.keys.sorted().joined(separator: ",")
        fields["\(Noun.word)Id"] = try await session.id(of: item, Noun.self)
        if let expectedRevision { fields["expectedRevision"] = String(expectedRevision) }
        try await session.run(
            "\(Noun.name)Service/Update\(Noun.name)",
            fields,
            display: CollectiveDisplay.item(Noun.word)
        )
    }
}

struct DeleteCollective<Noun: CollectiveNoun>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "delete",
            abstract: "Delete a \(Noun.word); whoever had something by it has it no longer."
        )
    }
    @OptionGroup var administration: AdministrationArguments
    @Argument(help: "Name or id.") var item: String
    @Option(name: .long, help: "Refuse when the revision is another one.") var expectedRevision: UInt64?

    func run() async throws {
        let session = AdministrationSession(arguments: administration)
        var fields: [String: Any] = ["\(Noun.word)Id": try await session.id(of: item, Noun.self)]
        if let expectedRevision { fields["expectedRevision"] = String(expectedRevision) }
        try await session.run("\(Noun.name)Service/Delete\(Noun.name)", fields) { answer in
            let counted = [
                ("users", "user"), ("members", "member"), ("groups", "group"), ("roles", "role"),
                ("serviceAccounts", "service account"), ("subgroups", "subgroup"), ("parents", "parent group"),
            ]
            let gone = counted.compactMap { key, noun -> String? in
                guard let count = Int(answer[key].text), count > 0 else { return nil }
                return "\(count) \(noun)\(count == 1 ? "" : "s")"
            }
            return gone.isEmpty ? "Deleted." : "Deleted. It was tied to \(gone.joined(separator: ", "))."
        }
    }
}

extension AdministrationSession {
    /// The id of a role or group that a person named, by its id or in any spelling of its name.
    func id<Noun: CollectiveNoun>(of text: String, _: Noun.Type) async throws -> String {
        let hyphens = [8, 13, 18, 23].allSatisfy { Array(text.utf8).count == 36 && Array(text.utf8)[$0] == 0x2D }
        guard !hyphens else { return text }
        return try await ask("\(Noun.name)Service/Find\(Noun.name)", ["name": text])[Noun.word]["id"].text
    }

    /// The name of a role or group by its id, for display; the id where it is gone meanwhile.
    func name<Noun: CollectiveNoun>(of id: String, _: Noun.Type) async -> String {
        let answer = try? await ask("\(Noun.name)Service/Get\(Noun.name)", ["\(Noun.word)Id": id])
        return answer.map { $0[Noun.word]["name"].text } ?? id
    }
}

/// How roles and groups look on a terminal.
enum CollectiveDisplay {
    static func item(_ word: String) -> (JSONAnswer) -> String {
        { answer in
            let item = answer[word]
            let fields = [
                ("id", item["id"].text), ("name", item["name"].text), ("description", item["description"].text),
                ("demands", demand(item)), ("revision", item["revision"].text), ("created", item["createTime"].text),
                ("updated", item["updateTime"].text),
            ]
            return FieldList(fields: fields.filter { !$0.1.isEmpty }).text
        }
    }

    /// Empty when nothing is demanded.
    static func demand(_ item: JSONAnswer) -> String {
        let demand = item["assuranceDemand"].text
        return demand.hasSuffix("UNSPECIFIED") ? "" : UserDisplay.word(demand, after: "ASSURANCE_DEMAND_")
    }
}
