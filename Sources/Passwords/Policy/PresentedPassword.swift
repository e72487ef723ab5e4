package import Cryptography
internal import InternationalNames

/// A password as someone typed it to be let in, in whatever form a record asks for.
///
/// Nothing that prints or reflects it shows what was typed.
package struct PresentedPassword: Sendable {
    /// Version of records that were hashed elsewhere, as they were typed there.
    package static let unchangedVersion: UInt16 = 0

    /// Version of records that are made now.
    package static let currentVersion: UInt16 = OpaqueString.version

    /// Length after normalisation; 0 for what is no password.
    package let codePointCount: Int
    private let received: SecretBytes?
    private let normalized: SecretBytes?

    /// Takes a text of any length; one that no record can have been made of has no form.
    package init(_ text: String) {
        let isTakeable = text.utf8.count <= OpaqueString.maximumInputCount
        received = isTakeable ? SecretBytes(utf8: text) : nil
        let password = try? OpaqueString(text)
        normalized = password.map { SecretBytes(utf8: $0.text) }
        codePointCount = password?.codePointCount ?? 0
    }

    /// The bytes that a record of a normalisation was made of.
    ///
    /// - Parameter version: As it is stored beside the record.
    /// - Returns: Nil when this password cannot be the right one; the work is to be done for nobody's record then.
    package func bytes(normalizedBy version: UInt16) -> SecretBytes? {
        switch version {
        case Self.unchangedVersion: received
        case OpaqueString.version: normalized
        default: nil
        }
    }

    /// The bytes that a new record is made of; nil for what is no password.
    package var current: SecretBytes? { normalized }

    /// Bytes for work whose outcome is no, where there is no form to do it with.
    package var anything: SecretBytes { normalized ?? received ?? SecretBytes(copying: []) }
}
