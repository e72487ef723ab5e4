import Cryptography

/// Kinds of message; raw values are stored.
package enum MessageKind: UInt8, Sendable, Hashable, CaseIterable {
    /// A one-time code for signing in.
    case signInCode = 1
}

/// A message on its way, before it is put into words.
struct OutboxMessage: Sendable {
    let kind: MessageKind
    /// The address as its owner wrote it, or as it was typed when nobody owns it.
    let recipient: String
    /// BCP 47 tags in order of preference; chooses a template, and is never part of the text.
    let languages: String
    /// The code, in canonical form.
    let code: SecretBytes
    /// True when it is written for equal work only, and dropped instead of sent (SECURITY EN-02).
    let isDecoy: Bool
}
