/// What a guesser knows of a user.
package struct PasswordContext: Sendable {
    /// User name, addresses, phone numbers and the like.
    package var identifiers: [String]
    /// Display name and its parts.
    package var names: [String]

    package init(identifiers: [String] = [], names: [String] = []) {
        self.identifiers = identifiers
        self.names = names
    }
}
