package import Cryptography

/// What a browser brings back from a provider (RFC 6749 section 4.1.2).
package struct CallbackParameters: Sendable {
    package let state: String
    /// Nil when the provider reported an error.
    package let code: SecretBytes?
    package let error: String?
    package let issuer: String?

    /// Takes the parameters by name; nil without a state, or with a code and an error both or neither.
    ///
    /// What the provider writes for people (`error_description`) is not looked at (SECURITY OI-16).
    package init?(_ parameter: (String) -> String?) {
        guard let state = parameter("state"), (1...200).contains(state.utf8.count) else { return nil }
        let code = parameter("code").flatMap { $0.isEmpty ? nil : $0 }
        let error = parameter("error").flatMap { $0.isEmpty ? nil : $0 }
        guard (code == nil) != (error == nil), code.map({ $0.utf8.count <= 4096 }) ?? true else { return nil }
        self.state = state
        self.code = code.map { SecretBytes(utf8: $0) }
        self.error = error.map { String($0.unicodeScalars.prefix(100)) }
        issuer = parameter("iss")
    }

    /// Refuses a callback of another issuer (RFC 9207; SECURITY OI-04).
    package func checkIssuer(_ settings: ProviderSettings, _ metadata: ProviderMetadata) throws(OpenIDError) {
        guard let issuer else {
            guard !metadata.sendsIssuer else { throw OpenIDError(.callbackIssuerMissing) }
            return
        }
        guard IssuerRule(settings: settings).admits(callbackIssuer: issuer) else {
            throw OpenIDError(.callbackIssuerWrong)
        }
    }
}
