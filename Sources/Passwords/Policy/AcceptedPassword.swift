package import Cryptography
internal import InternationalNames

/// A password that the policy let pass, ready to be hashed; only `PasswordPolicy` makes one.
package struct AcceptedPassword: Sendable {
    /// The normalised password in UTF-8.
    package let bytes: SecretBytes
    /// Version of the normalisation, to be stored beside the record.
    package let normalizationVersion: UInt16
    /// Its length after normalisation.
    package let codePointCount: Int

    init(_ password: OpaqueString) {
        bytes = SecretBytes(utf8: password.text)
        normalizationVersion = OpaqueString.version
        codePointCount = password.codePointCount
    }
}
