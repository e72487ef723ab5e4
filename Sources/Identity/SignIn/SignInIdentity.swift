/// Who a flow is about: the name that was typed, and whose it is, if anybody's.
package struct SignInIdentity: Sendable {
    package let kind: IdentifierKind
    /// The name as it was typed; a code for an unknown address goes there.
    package let value: String
    package let canonical: [UInt8]
    /// The owner, as the database says in this very transaction; nil: nobody's.
    package let owner: Owner?

    /// The user whose name it is.
    package struct Owner: Sendable {
        package let userID: UserID
        package let identifierID: IdentifierID
        /// The name as its owner wrote it; mail goes there (SECURITY REC-06).
        package let value: String
        package let isVerified: Bool
    }

    /// Who is counted for it.
    var throttledAccount: ThrottledAccount {
        owner.map { .user($0.userID) } ?? .name(kind: kind, canonical: canonical)
    }

    /// Where messages go.
    var deliveryAddress: String { owner?.value ?? value }
}
