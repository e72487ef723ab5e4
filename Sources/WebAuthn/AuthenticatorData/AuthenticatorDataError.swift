/// Why some bytes are not authenticator data; says nothing of the bytes.
package enum AuthenticatorDataError: Error, Sendable, Hashable {
    /// Longer than 64 KiB.
    case tooLarge
    /// Ends before it is complete.
    case truncated
    /// A credential identifier of no byte or more than 1023 (Level 3 section 7.1 step 25).
    case credentialIDLength
    /// The credential's key is none.
    case publicKey(CredentialPublicKeyError)
    /// The extensions are not a canonical map.
    case extensions(CBORError)
    case extensionsNotAMap
    /// Bytes after the last part the flags announce.
    case trailingBytes
}
