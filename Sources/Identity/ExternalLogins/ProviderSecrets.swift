import Cryptography
import OpenIDConnect

/// Seals what only we and a provider know, in the row that it belongs to (SECURITY OI-15, KEY-01).
struct ProviderSecrets: Sendable {
    let keyRing: KeyRing

    /// A client secret or private key as it is stored.
    func seal(_ secret: SecretBytes, of provider: ExternalProviderID) throws(CryptographyError) -> [UInt8] {
        try keyRing.seal(secret, for: .externalProvider, context: context(of: provider))
    }

    /// What we prove who we are with.
    func credential(of row: ProviderRow) throws -> ClientCredential {
        guard let sealed = row.secret else { throw OpenIDError(.clientKeyUnfit) }
        let secret = try keyRing.open(sealed, for: .externalProvider, context: context(of: row.provider.id))
        guard row.provider.settings.authentication.usesKey else { return .secret(secret) }
        return .key(try SigningKey(pem: secret))
    }

    /// Verifier and nonce of a browser on its way.
    func seal(_ verifier: SecretBytes, nonce: String, of state: TokenHash) throws(CryptographyError) -> [UInt8] {
        let both = SecretBytes(copying: verifier.withBytes { Array($0) } + [UInt8(ascii: " ")] + Array(nonce.utf8))
        return try keyRing.seal(both, for: .externalProvider, context: context(of: state))
    }

    /// The same, opened.
    func open(
        _ pending: PendingExternal,
        of state: TokenHash
    ) throws(CryptographyError) -> (verifier: SecretBytes, nonce: String) {
        let both = try keyRing.open(pending.secrets, for: .externalProvider, context: context(of: state))
        let parts = both.withBytes { Array($0) }.split(separator: UInt8(ascii: " "))
        guard parts.count == 2 else { throw CryptographyError(.malformed, "the secrets of a sign-in are damaged") }
        return (SecretBytes(copying: parts[0]), String(decoding: parts[1], as: UTF8.self))
    }

    private func context(of provider: ExternalProviderID) -> AssociatedContext {
        AssociatedContext(table: "external_providers", row: provider.bytes, column: "secret")
    }

    private func context(of state: TokenHash) -> AssociatedContext {
        AssociatedContext(table: "external_flows", row: state.bytes, column: "secrets")
    }
}
