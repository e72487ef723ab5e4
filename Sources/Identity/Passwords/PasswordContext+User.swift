import JSON
import MariaDB
import Passwords

extension CoreParts {
    /// What a user's password must not be made of: identifiers, and of the profile the names of the person and what nobody
    /// else has (SECURITY PW-06).
    func passwordContext(of user: UserID, _ transaction: Transaction) throws -> PasswordContext {
        let schema = try profileSchemas.current(transaction)
        let unique = schema.attributes.filter(\.isUnique).map(\.path)
        let document = try transaction.first(ReadProfile(user: user))?.profile.document
        return PasswordContext(
            identifiers: try transaction.all(NamesOfUser(user: user)) + unique.flatMap { texts(document?[$0]) },
            names: Self.namesOfPersons.compactMap { AttributePath($0) }.flatMap { texts(document?[$0]) }
        )
    }

    /// The names of a person among the standard claims (OpenID Connect Core section 5.1).
    private static let namesOfPersons = [
        "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username",
    ]

    private func texts(_ value: JSONValue?) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap { texts($0) }
        default: []
        }
    }
}
