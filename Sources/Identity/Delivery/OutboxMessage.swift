import Cryptography

/// Kinds of message; raw values are stored.
package enum MessageKind: UInt8, Sendable, Hashable, CaseIterable {
    /// A one-time code for signing in.
    case signInCode = 1
    /// Something that happened to the account.
    case notice = 2
    /// A one-time code for confirming that it is oneself who is signed in.
    case confirmationCode = 3
}

/// A message on its way, before it is put into words.
struct OutboxMessage: Sendable {
    /// What it is about.
    enum Content: Sendable {
        /// A one-time code, in canonical form.
        case signInCode(SecretBytes)
        /// A one-time code for a step-up, in canonical form.
        case confirmationCode(SecretBytes)
        case notice(AccountNotice)
    }

    /// The address as its owner wrote it, or as it was typed when nobody owns it.
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
        case .notice: .notice
        }
    }
}
