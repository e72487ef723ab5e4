package import OutboundHTTP

/// Where a browser is sent to sign in at a provider (OpenID Connect Core 1.0 section 3.1.2.1).
package struct AuthorizationRequest: Sendable {
    package let state: String
    /// Sent where tokens are signed.
    package let nonce: String
    package let challenge: String
    package let redirectURI: String
    /// Whether the provider must ask the person anew, whoever is signed in there.
    package let demandsFreshAuthentication: Bool

    package init(
        state: String,
        nonce: String,
        challenge: String,
        redirectURI: String,
        demandsFreshAuthentication: Bool = false
    ) {
        self.state = state
        self.nonce = nonce
        self.challenge = challenge
        self.redirectURI = redirectURI
        self.demandsFreshAuthentication = demandsFreshAuthentication
    }

    /// The whole address.
    package func url(_ settings: ProviderSettings, at endpoint: OutboundURL) -> String {
        var fields = [
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", redirectURI),
            ("state", state), ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ]
        if !settings.scopes.isEmpty { fields.append(("scope", settings.scopes.joined(separator: " "))) }
        if settings.responseMode != .query { fields.append(("response_mode", settings.responseMode.rawValue)) }
        if settings.kind == .openIDConnect {
            fields.append(("nonce", nonce))
            if !settings.strongContexts.isEmpty {
                fields.append(("acr_values", settings.strongContexts.joined(separator: " ")))
            }
            if demandsFreshAuthentication { fields += [("prompt", "login"), ("max_age", "0")] }
        }
        let joint = endpoint.target.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        return endpoint.description + joint + FormEncoding.text(fields.map { (name: $0.0, value: $0.1) })
    }
}
