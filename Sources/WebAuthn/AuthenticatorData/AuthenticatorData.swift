/// What an authenticator signs besides the client data's hash (Level 3 section 6.1).
package struct AuthenticatorData: Sendable, Hashable {
    /// SHA-256 of the relying party's identifier, 32 bytes.
    package let relyingPartyHash: [UInt8]
    package let flags: AuthenticatorFlags
    /// How often it has signed; always 0 from those that do not count.
    package let signatureCount: UInt32
    /// The new credential, exactly when the flag AT is set.
    package let attestedCredential: AttestedCredential?
    /// What extensions put out, exactly when the flag ED is set.
    ///
    /// Untrusted, and nothing here reads it.
    package let extensions: CBORMap?
    /// The bytes as they came, over which signatures go.
    package let bytes: [UInt8]

    /// The longest authenticator data that is read, in bytes (SECURITY WA-28).
    package static let limit = 65536
    private static let extensionDepth = 4

    /// Reads authenticator data, with nothing left over.
    ///
    /// - Parameter bytes: The encoding.
    /// - Throws: `AuthenticatorDataError` when parts and flags do not agree.
    package init(_ bytes: [UInt8]) throws(AuthenticatorDataError) {
        guard bytes.count <= Self.limit else { throw .tooLarge }
        var reader = AuthenticatorDataReader(bytes)
        relyingPartyHash = try reader.take(32)
        flags = AuthenticatorFlags(rawValue: UInt8(truncatingIfNeeded: try reader.number(1)))
        signatureCount = try reader.number(4)
        attestedCredential = flags.contains(.attestedCredential) ? try AttestedCredential(&reader) : nil
        extensions = flags.contains(.extensions) ? try Self.extensions(&reader) : nil
        guard reader.isAtEnd else { throw .trailingBytes }
        self.bytes = bytes
    }

    private static func extensions(
        _ reader: inout AuthenticatorDataReader
    ) throws(AuthenticatorDataError) -> CBORMap {
        guard !reader.isAtEnd else { throw .truncated }
        let value: CBORValue
        do {
            value = try reader.item(depth: extensionDepth).value
        } catch {
            throw .extensions(error)
        }
        guard let map = value.entries else { throw .extensionsNotAMap }
        return map
    }
}

/// A new credential in authenticator data (Level 3 section 6.5.1).
package struct AttestedCredential: Sendable, Hashable {
    /// The authenticator's model, as it says itself.
    package let aaguid: AAGUID
    /// 1 to 1023 bytes.
    package let id: [UInt8]
    package let publicKey: CredentialPublicKey

    init(_ reader: inout AuthenticatorDataReader) throws(AuthenticatorDataError) {
        guard let aaguid = AAGUID(try reader.take(16)) else { throw .truncated }
        self.aaguid = aaguid
        let count = Int(try reader.number(2))
        guard (1...1023).contains(count) else { throw .credentialIDLength }
        id = try reader.take(count)
        publicKey = try Self.publicKey(&reader)
    }

    private static func publicKey(
        _ reader: inout AuthenticatorDataReader
    ) throws(AuthenticatorDataError) -> CredentialPublicKey {
        let encoding: [UInt8]
        do {
            encoding = try reader.item(depth: CredentialPublicKey.depth).encoding
        } catch {
            throw .publicKey(.malformed(error))
        }
        do {
            return try CredentialPublicKey(encoding)
        } catch {
            throw .publicKey(error)
        }
    }
}
