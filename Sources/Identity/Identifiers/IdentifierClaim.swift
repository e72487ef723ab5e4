package import MariaDB

/// An address that a signed-in person says is theirs and has to prove with a code (SECURITY REC-04).
///
/// The same whether somebody has the address or not (SECURITY EN-01): who does is told by the message alone.
package struct IdentifierClaim: Sendable, Hashable, Codable, AnswerAboutUser {
    package let id: IdentifierClaimID
    package let userID: UserID
    package let kind: IdentifierKind
    /// As it was written.
    package let value: String
    /// What goes when the new address is proved; nil: nothing does.
    package let replaced: IdentifierID?
    /// Characters of the code, without separators.
    package let codeLength: UInt32
    package let codeExpiresAt: Timestamp
    /// When another code may be asked for.
    package let resendAt: Timestamp
    package let expiresAt: Timestamp

    var userInAnswer: UserID { userID }
}

/// A claim as stored.
struct StoredClaim: Sendable {
    let id: IdentifierClaimID
    let userID: UserID
    let name: SignInFlow.Identifier
    let replaced: IdentifierID?
    let expiresAt: Timestamp

    /// What its code is bound to: this claim of this user, and the exact address.
    var binding: CodeBinding {
        CodeBinding(
            flowID: FlowID(exactly: id.bytes),
            purpose: .address,
            addressKind: name.kind,
            addressCanonical: name.canonical
        )
    }

    func claim(codeLength: Int, codeExpiresAt: Timestamp, resendAt: Timestamp) -> IdentifierClaim {
        IdentifierClaim(
            id: id,
            userID: userID,
            kind: name.kind,
            value: name.value,
            replaced: replaced,
            codeLength: UInt32(clamping: codeLength),
            codeExpiresAt: codeExpiresAt,
            resendAt: resendAt,
            expiresAt: expiresAt
        )
    }
}
