import Cryptography

/// Kinds of message; raw values are stored.
package enum MessageKind: UInt8, Sendable, Hashable, CaseIterable {
    /// A one-time code for signing in.
    case signInCode = 1
    /// Something that happened to the account.
    case notice = 2
    /// A one-time code for confirming that it is oneself who is signed in.
    case confirmationCode = 3
    /// A one-time code that proves an address which somebody wants to have.
    case addressCode = 4
    /// The same to an address that an account has already.
    case takenAddressCode = 5
    /// Something that happened to the account, with the secret that takes it back.
    case undoableNotice = 6
    /// An invitation with the secret of its link.
    case invitation = 7
    /// A one-time code in a short message to a telephone.
    case textCode = 8
    /// Something that happened to the account, in a short message to a telephone.
    case textNotice = 9
}

/// A message on its way, before it is put into words.
struct OutboxMessage: Sendable {
    /// What it is about.
    enum Content: Sendable {
        /// A one-time code, in canonical form.
        case signInCode(SecretBytes)
        /// A one-time code for a step-up, in canonical form.
        case confirmationCode(SecretBytes)
        /// A one-time code for an address, in canonical form.
        case addressCode(SecretBytes)
        /// The same, to an address that an account has already.
        case takenAddressCode(SecretBytes)
        case notice(AccountNotice)
        /// With the text of the token that takes it back.
        case undoableNotice(AccountNotice, SecretBytes)
        /// The text of the token of an invitation.
        case invitation(SecretBytes)
        /// A one-time code for a telephone.
        case text(OneTimeCodeMessage)
        /// For a telephone; with the text of the token that takes it back, if there is one.
        case textNotice(AccountNotice, SecretBytes?)
    }

    /// The address as its owner wrote it, or as it was typed when nobody owns it; a telephone number in canonical form.
    let recipient: String
    /// BCP 47 tags in order of preference; chooses a template, and is never part of the text.
    let languages: String
    let content: Content
    /// True when it is written for equal work only, and dropped instead of sent (SECURITY EN-02).
    let isDecoy: Bool

    var kind: MessageKind {
        switch content {
        case .signInCode: .signInCode
        case .confirmationCode: .confirmationCode
        case .addressCode: .addressCode
        case .takenAddressCode: .takenAddressCode
        case .notice: .notice
        case .undoableNotice: .undoableNotice
        case .invitation: .invitation
        case .text: .textCode
        case .textNotice: .textNotice
        }
    }
}
