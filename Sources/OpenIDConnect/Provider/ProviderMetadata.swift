internal import JSON
package import OutboundHTTP

/// The endpoints of a provider, from its discovery document or its settings, checked (OpenID Connect Discovery 1.0).
package struct ProviderMetadata: Sendable, Hashable {
    package let authorizationEndpoint: OutboundURL
    package let tokenEndpoint: OutboundURL
    package let userinfoEndpoint: OutboundURL?
    package let emailsEndpoint: OutboundURL?
    /// Nil where no token is signed.
    package let keysEndpoint: OutboundURL?
    /// Whether the browser must bring back `iss` (RFC 9207).
    package let sendsIssuer: Bool
    /// What could be wrong without being against a rule, for whoever administers the provider.
    package let remarks: [String]

    /// The endpoints that the settings name themselves.
    ///
    /// - Throws: `.endpointMissing`, `.endpointRefused`.
    package init(
        settings: ProviderSettings,
        admitting admits: (OutboundURL) -> Bool
    ) throws(OpenIDError) {
        let rule = EndpointRule(settings: settings)
        authorizationEndpoint = try rule.endpoint(settings.authorizationEndpoint, admits)
        tokenEndpoint = try rule.endpoint(settings.tokenEndpoint, admits)
        userinfoEndpoint = try rule.optional(settings.userinfoEndpoint, admits)
        emailsEndpoint = try rule.optional(settings.emailsEndpoint, admits)
        guard settings.kind == .openIDConnect || userinfoEndpoint != nil else { throw OpenIDError(.endpointMissing) }
        keysEndpoint = nil
        sendsIssuer = false
        remarks = []
    }

    /// Reads a discovery document.
    ///
    /// Its issuer is compared to the byte, and every endpoint is https, on the issuer's host or one that was named
    /// (SECURITY OI-05).
    package init(
        document bytes: [UInt8],
        settings: ProviderSettings,
        admitting admits: (OutboundURL) -> Bool
    ) throws(OpenIDError) {
        guard let document = ClaimSet(json: bytes), let issuer = document.string("issuer") else {
            throw OpenIDError(.documentMalformed)
        }
        guard IssuerRule(settings: settings).admits(documentIssuer: issuer) else {
            throw OpenIDError(.documentIssuerWrong)
        }
        try Self.checkFlow(document, settings)
        let rule = EndpointRule(settings: settings)
        authorizationEndpoint = try rule.endpoint(document.string("authorization_endpoint"), admits)
        tokenEndpoint = try rule.endpoint(document.string("token_endpoint"), admits)
        keysEndpoint = try rule.endpoint(document.string("jwks_uri"), admits)
        let own = settings.userinfoEndpoint.isEmpty ? document.string("userinfo_endpoint") : settings.userinfoEndpoint
        userinfoEndpoint = settings.usesUserinfo ? try rule.endpoint(own, admits) : nil
        emailsEndpoint = try rule.optional(settings.emailsEndpoint, admits)
        sendsIssuer = document["authorization_response_iss_parameter_supported"] == .bool(true)
        remarks = Self.remarks(document, settings)
    }

    private static func checkFlow(_ document: ClaimSet, _ settings: ProviderSettings) throws(OpenIDError) {
        if let types = document.strings("response_types_supported"), !types.contains("code") {
            throw OpenIDError(.codeFlowMissing)
        }
        if let methods = document.strings("code_challenge_methods_supported"), !methods.contains("S256") {
            throw OpenIDError(.challengeMethodMissing)
        }
        if let algorithms = document.strings("id_token_signing_alg_values_supported"),
            !settings.algorithms.contains(where: { algorithms.contains($0.rawValue) })
        {
            throw OpenIDError(.algorithmsUnfit)
        }
    }

    private static func remarks(_ document: ClaimSet, _ settings: ProviderSettings) -> [String] {
        var remarks: [String] = []
        if document["code_challenge_methods_supported"] == nil {
            remarks.append("The document does not say whether PKCE is supported; it is used all the same.")
        }
        let methods = document.strings("token_endpoint_auth_methods_supported") ?? ["client_secret_basic"]
        let ours = settings.authentication == .signedSecret ? "client_secret_post" : settings.authentication.rawValue
        if !methods.contains(ours) {
            remarks.append(
                "The document does not list \(ours), which the settings use, among its ways to know a client."
            )
        }
        if let scopes = document.strings("scopes_supported") {
            for scope in settings.scopes where !scopes.contains(scope) {
                remarks.append("The document does not list the scope \(scope).")
            }
        }
        if let modes = document.strings("response_modes_supported"), !modes.contains(settings.responseMode.rawValue) {
            remarks.append("The document does not list the response mode \(settings.responseMode.rawValue).")
        }
        return remarks
    }
}

/// Where endpoints may be.
private struct EndpointRule {
    let settings: ProviderSettings

    func endpoint(_ text: String?, _ admits: (OutboundURL) -> Bool) throws(OpenIDError) -> OutboundURL {
        guard let text, !text.isEmpty else { throw OpenIDError(.endpointMissing) }
        guard let url = OutboundURL(text), admits(url), isNear(url.host) else { throw OpenIDError(.endpointRefused) }
        return url
    }

    func optional(_ text: String, _ admits: (OutboundURL) -> Bool) throws(OpenIDError) -> OutboundURL? {
        text.isEmpty ? nil : try endpoint(text, admits)
    }

    /// Whether a host is the issuer's, is below it, or was named.
    private func isNear(_ host: String) -> Bool {
        let issuer = ProviderSettings.issuerHost(settings.issuer)
        return ([issuer].compactMap { $0 } + settings.endpointHosts).contains { host == $0 || host.hasSuffix("." + $0) }
    }
}

extension ProviderSettings {
    /// The host of an issuer, placeholder or not.
    static func issuerHost(_ issuer: String) -> String? {
        guard let end = issuer.utf8.firstIndex(of: UInt8(ascii: "{")) else { return OutboundURL(issuer)?.host }
        return OutboundURL(String(issuer[..<end]))?.host
    }

    /// Where the discovery document is; nil for a provider without one.
    package var documentURL: OutboundURL? {
        guard kind == .openIDConnect else { return nil }
        guard discoveryURL.isEmpty else { return OutboundURL(discoveryURL) }
        let base = issuer.utf8.last == UInt8(ascii: "/") ? String(issuer.dropLast()) : issuer
        return OutboundURL(base + "/.well-known/openid-configuration")
    }
}
