internal import Cryptography
internal import Foundation
internal import JSON
internal import Wire

/// The columns of a table of users, in the order in which its first line names them.
struct UserColumns {
    /// Columns that every table may have; a value of the profile is `profile.CODE`, a list has `;` between its elements.
    static let known = [
        "id", "external_id", "email", "email_verified", "phone", "phone_verified", "username", "state", "state_reason",
        "create_time", "roles", "groups", "password_record", "totp_secret",
    ]

    let names: [String]
    private let attributes: [String: Attribute]

    /// Takes the first line of a table.
    ///
    /// - Throws: `CommandFailure` naming a column that is unknown or stands there twice.
    init(_ names: [String], schema: ProfileSchema) throws {
        self.names = names.map { $0.trimmingCharacters(in: .whitespaces) }
        attributes = Dictionary(schema.attributes.map { ($0.path, $0) }) { first, _ in first }
        var seen: Set<String> = []
        for name in self.names {
            guard seen.insert(name).inserted else { throw CommandFailure("The column \(name) stands there twice.") }
            if Self.known.contains(name) { continue }
            guard name.hasPrefix("profile."), let attribute = attributes[String(name.dropFirst(8))],
                attribute.kind != .complex
            else {
                throw CommandFailure(
                    "There is no column \(name). Columns: \(Self.known.joined(separator: ", ")), and profile.CODE for the "
                        + "attributes of the profile schema."
                )
            }
        }
    }

    /// The record of a line.
    func record(_ fields: [String]) throws(RowFault) -> UserRecord {
        guard fields.count == names.count else {
            throw RowFault(field: "", description: "the line has \(fields.count) fields, the first one \(names.count)")
        }
        var (record, profile) = (UserRecord(), [String: JSONValue]())
        var values: [String: String] = [:]
        for (name, field) in zip(names, fields) where !field.isEmpty { values[name] = field }
        record.id = values["id"] ?? ""
        record.externalID = values["external_id"] ?? ""
        record.stateReason = values["state_reason"] ?? ""
        record.createTime = try values["create_time"].map(Self.time)
        if let text = values["state"] { record.state = try Self.state(text) }
        for (column, kind) in [("email", IdentifierKind.email), ("phone", .phone), ("username", .username)] {
            guard let value = values[column] else { continue }
            let flag = values[column + "_verified"]
            let isVerified = try flag.map { text throws(RowFault) in try Self.truth(text, column + "_verified") }
            let name = IdentifierRecord(kind: kind, value: value, primary: true, verified: isVerified == true)
            record.identifiers.append(name)
        }
        record.roles = Self.list(values["roles"]).map { MembershipRecord(name: $0) }
        record.groups = Self.list(values["groups"]).map { MembershipRecord(name: $0) }
        for (name, field) in values where name.hasPrefix("profile.") {
            let path = String(name.dropFirst(8))
            guard let attribute = attributes[path] else { continue }
            Self.set(Self.value(field, attribute), at: path.split(separator: ".").map(String.init)[...], in: &profile)
        }
        if !profile.isEmpty { record.profileJson = Self.object(profile).text }
        if let password = values["password_record"] { record.setPassword(password) }
        if let key = values["totp_secret"] { try record.addDevice(key) }
        return record
    }

    private static func list(_ field: String?) -> [String] {
        (field ?? "").split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private static func truth(_ text: String, _ field: String) throws(RowFault) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "1", "t": true
        case "false", "no", "0", "f": false
        default: throw RowFault(field: field, description: "must be true or false")
        }
    }

    private static func state(_ text: String) throws(RowFault) -> UserState {
        switch text.lowercased() {
        case "active": .active
        case "disabled": .disabled
        default: throw RowFault(field: "state", description: "must be active or disabled; others go with JSON Lines")
        }
    }

    private static func time(_ text: String) throws(RowFault) -> WireTimestamp {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        guard let date = try? style.parse(text),
            let microseconds = Int64(exactly: (date.timeIntervalSince1970 * 1_000_000).rounded()),
            let time = WireTimestamp(microsecondsSinceEpoch: microseconds)
        else { throw RowFault(field: "create_time", description: "must be a time such as 2026-01-31T08:00:00Z") }
        return time
    }

    /// A field as a value of an attribute; what does not fit is left to the server to refuse.
    private static func value(_ field: String, _ attribute: Attribute) -> JSONValue {
        guard attribute.multi else { return one(field, attribute.kind) }
        return .array(list(field).map { one($0, attribute.kind) })
    }

    /// A text as a value of a kind.
    static func one(_ field: String, _ kind: AttributeKind) -> JSONValue {
        switch kind {
        case .boolean: (try? truth(field, "")).map(JSONValue.bool) ?? .string(field)
        case .integer, .decimal:
            (try? JSONParser.parse(Array(field.utf8))).flatMap { if case .number = $0 { $0 } else { nil } }
                ?? .string(field)
        default: .string(field)
        }
    }

    /// Puts a value where its path says.
    static func set(_ value: JSONValue, at path: ArraySlice<String>, in values: inout [String: JSONValue]) {
        guard let code = path.first else { return }
        guard path.count > 1 else {
            values[code] = value
            return
        }
        var inner: [String: JSONValue] = [:]
        if case .object(let members) = values[code] { for member in members { inner[member.name] = member.value } }
        set(value, at: path.dropFirst(), in: &inner)
        values[code] = object(inner)
    }

    /// An object with its members in the order of their names.
    static func object(_ values: [String: JSONValue]) -> JSONValue {
        .object(values.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: $0.value) })
    }
}

/// Keys of authenticator apps in base 32 (RFC 4648 section 6), as people and other systems write them.
enum Base32Key {
    /// Takes letters of either case, with spaces, hyphens and padding; nil for anything else.
    static func decode(_ text: String) -> SecretBytes? {
        var (bytes, buffer, bits) = ([UInt8](), UInt32(0), 0)
        for byte in text.utf8 where ![0x20, 0x2D, 0x3D].contains(byte) {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a")
            case UInt8(ascii: "2")...UInt8(ascii: "7"): value = byte - UInt8(ascii: "2") + 26
            default: return nil
            }
            buffer = buffer << 5 | UInt32(value)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
                buffer &= (1 << bits) - 1
            }
        }
        return bytes.isEmpty ? nil : SecretBytes(copying: bytes)
    }
}
