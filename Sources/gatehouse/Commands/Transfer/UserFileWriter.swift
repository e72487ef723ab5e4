internal import Foundation
internal import JSON
internal import MariaDB
internal import Wire

/// Writes an export: as JSON Lines, or as a table of its users.
struct UserFileWriter {
    /// Of a table; nil for JSON Lines.
    var columns: UserColumns?
    /// How many users had more than their row holds.
    private(set) var cut = 0

    init(columns: UserColumns? = nil) {
        self.columns = columns
    }

    /// What stands before everything else.
    var header: String { columns?.header ?? "" }

    /// The lines of a batch.
    mutating func text(of batch: ExportUsersResponse) throws -> String {
        guard let columns else {
            return try batch.directory.map { try $0.line() }.joined() + batch.users.map { try $0.line() }.joined()
        }
        var text = ""
        for user in batch.users {
            let fields = columns.fields(of: user)
            text += CSVWriter.line(fields)
            // What is read back tells what was lost.
            let read = try? columns.record(fields)
            if read.map({ !$0.isWhole(of: user) }) ?? true { cut += 1 }
        }
        return text
    }
}

extension UserRecord {
    /// Whether this, read from a row, has all that the server knows of a user but for ids of parts, times and revisions.
    fileprivate func isWhole(of user: UserRecord) -> Bool {
        func names(_ record: UserRecord) -> Set<[String]> {
            Set(record.identifiers.map { ["\($0.kind)", $0.value, "\($0.verified || $0.verifyTime != nil)"] })
        }
        func held(_ records: [MembershipRecord]) -> Set<String> { Set(records.map(\.name)) }
        func profile(_ record: UserRecord) -> JSONValue? {
            record.profileJson.isEmpty ? nil : try? JSONParser.parse(Array(record.profileJson.utf8)).sorted
        }
        let terms = (user.roles + user.groups).contains { $0.mayGrant || $0.expireTime != nil }
        return state == user.state && names(self) == names(user) && held(roles) == held(user.roles)
            && held(groups) == held(user.groups) && !terms && user.passkeys.isEmpty && profile(self) == profile(user)
    }
}

extension JSONValue {
    /// The same with the members of objects in the order of their names; an object without any is nothing.
    fileprivate var sorted: JSONValue? {
        switch self {
        case .object(let members):
            let known = members.compactMap { member in
                member.value.sorted.map { JSONValue.Member(name: member.name, value: $0) }
            }
            return known.isEmpty ? nil : .object(known.sorted { $0.name < $1.name })
        case .array(let elements): return .array(elements.compactMap(\.sorted))
        default: return self
        }
    }
}

// A user as a row.
extension UserColumns {
    /// The columns of an export: all but those of secrets, and the attributes of the schema that are no lists of objects.
    init(exporting schema: ProfileSchema) throws {
        let lists = schema.attributes.filter { $0.multi && $0.kind == .complex }.map { $0.path + "." }
        let attributes = schema.attributes.filter { attribute in
            attribute.kind != .complex && !lists.contains { attribute.path.hasPrefix($0) }
        }
        let known = Self.known.filter { $0 != "password_record" && $0 != "totp_secret" }
        try self.init(known + attributes.map { "profile." + $0.path }, schema: schema)
    }

    var header: String { CSVWriter.line(names) }

    /// What a row has of a user.
    func fields(of user: UserRecord) -> [String] {
        var values = [
            "id": user.id, "external_id": user.externalID, "state": "\(user.state)", "state_reason": user.stateReason,
            "create_time": user.createTime.map(Self.text) ?? "", "roles": Self.list(user.roles),
            "groups": Self.list(user.groups),
        ]
        for (column, kind) in [("email", IdentifierKind.email), ("phone", .phone), ("username", .username)] {
            let own = user.identifiers.filter { $0.kind == kind }
            guard let name = own.first(where: \.primary) ?? own.first else { continue }
            values[column] = name.value
            values[column + "_verified"] = "\(name.verifyTime != nil)"
        }
        let profile = try? JSONParser.parse(Array(user.profileJson.utf8))
        return names.map { name in
            guard name.hasPrefix("profile.") else { return values[name] ?? "" }
            let path = name.dropFirst(8).split(separator: ".").map(String.init)
            return profile.flatMap { Self.value($0, at: path[...]) } ?? ""
        }
    }

    private static func text(_ time: WireTimestamp) -> String {
        Timestamp(microsecondsSinceEpoch: time.microsecondsSinceEpoch).description
    }

    private static func list(_ memberships: [MembershipRecord]) -> String {
        memberships.map(\.name).joined(separator: ";")
    }

    /// The text of a value; nil where there is none.
    private static func value(_ json: JSONValue, at path: ArraySlice<String>) -> String? {
        switch json {
        case .object(let members):
            guard let code = path.first, let member = members.first(where: { $0.name == code }) else { return nil }
            return value(member.value, at: path.dropFirst())
        case .array(let elements): return elements.compactMap { value($0, at: path) }.joined(separator: ";")
        case .string(let text): return text
        default: return json.text
        }
    }
}
