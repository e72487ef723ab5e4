/// Who a flow is about: the name that was typed, and whose it is, if anybody's.
package struct SignInIdentity: Sendable {
    package let kind: IdentifierKind
    /// The name as it was typed; a code for an unknown address goes there.
    package let value: String
    package let canonical: [UInt8]
    /// The owner, as the database says in this very transaction; nil: nobody's.
    package let owner: Owner?
    /// The device it is about, when that is recognised as the owner's.
    package var device: DeviceID?
    /// The live session that is confirmed, which nobody else can bring.
    var session: SessionID?

    /// The user whose name it is.
    package struct Owner: Sendable {
        package let userID: UserID
        package let identifierID: IdentifierID
        /// The name as its owner wrote it; mail goes there (SECURITY REC-06).
        package let value: String
        package let isVerified: Bool
        /// The unique attribute that the name is a value of; nil when it is an identifier.
        var attribute: UniqueValue?
    }

    /// A value of a unique attribute, as the index has it.
    package struct UniqueValue: Sendable, Hashable {
        let attribute: UInt32
        let hash: [UInt8]
    }

    /// Who is counted for it.
    var throttledAccount: ThrottledAccount {
        guard let owner else { return .name(kind: kind, canonical: canonical) }
        return apart.map { .userApart(owner.userID, $0) } ?? .user(owner.userID)
    }

    /// What is counted of messages to it.
    ///
    /// What is counted apart has its own, since strangers could use up the address's and so keep its owner out (TH-05).
    var throttledAddress: [UInt8] {
        guard let apart else { return [kind.rawValue] + canonical }
        return [0] + apart + [kind.rawValue] + canonical
    }

    /// By what it is counted apart from what strangers try: the session that is confirmed, else a recognised device.
    private var apart: [UInt8]? { session?.bytes ?? device?.bytes }

    /// Whether it is counted apart from strangers.
    var isApart: Bool { owner != nil && apart != nil }

    /// Where messages go.
    var deliveryAddress: String { owner?.value ?? value }
}
