import JSON
import Testing

@testable import Identity

// What the tests of profiles do again and again.
extension CoreWorld {
    @discardableResult
    func set(_ values: String, of user: User, _ context: CallContext? = nil) async throws -> Profile {
        try await core.profiles.update(user.id, try changes(values), context ?? caller(["profiles.*"]))
    }

    @discardableResult
    func change(_ change: ProfileSchemaChange) async throws -> ProfileSchemaState {
        try await core.profileSchema.change(change, caller(["profile_schema.*"]))
    }

    @discardableResult
    func put(_ attributes: ProfileAttribute...) async throws -> ProfileSchemaState {
        try await change(ProfileSchemaChange(put: attributes))
    }

    /// The user who has a unique value, as an administrator finds it.
    func find(_ attribute: String, _ json: String) async throws -> User {
        try await core.profiles.findUser(
            by: try path(attribute),
            try JSONParser.parse(Array(json.utf8)),
            caller(["users.read", "profiles.read"])
        )
    }
}

/// The members of a JSON object as changes of a profile.
func changes(_ json: String) throws -> ProfileChanges {
    var changes = ProfileChanges()
    guard case .object(let members) = try JSONParser.parse(Array(json.utf8)) else { return changes }
    for member in members { changes.values.append((try path(member.name), member.value == .null ? nil : member.value)) }
    return changes
}

func path(_ text: String) throws -> AttributePath { try #require(AttributePath(text)) }

func attribute(
    _ text: String,
    _ kind: ProfileAttribute.Kind,
    _ change: (inout ProfileAttribute) -> Void = { _ in }
) throws -> ProfileAttribute {
    var attribute = ProfileAttribute(path: try path(text), kind: kind)
    change(&attribute)
    return attribute
}

extension Profile {
    /// The values as one JSON object.
    var text: String {
        JSONValue.object(values.map { .init(name: $0.path.description, value: $0.value) }).text
    }
}

extension FlowError {
    /// The fields at fault with the reasons, in the order in which they are told.
    var fields: [String] {
        guard case .invalidInput(let problems) = code else { return [] }
        return problems.map { "\($0.field) \($0.reason.rawValue)" }
    }
}
