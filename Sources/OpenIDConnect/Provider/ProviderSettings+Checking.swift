package import OutboundHTTP

extension ProviderSettings {
    /// A setting at fault, by the name it has in requests, and what it must be.
    package struct Problem: Sendable, Hashable {
        package let setting: String
        package let sentence: String
    }

    /// Everything that is wrong with the settings by themselves.
    package func problems(admitting admits: (OutboundURL) -> Bool) -> [Problem] {
        var problems: [Problem] = []
        func demand(_ holds: Bool, _ setting: String, _ sentence: String) {
            if !holds { problems.append(Problem(setting: setting, sentence: sentence)) }
        }
        let host = Self.issuerHost(issuer)
        demand(host != nil && issuer.utf8.count <= 255, "issuer", "must be an https address of at most 255 bytes")
        if kind == .openIDConnect, host != nil {
            demand(documentURL.map(admits) == true, "discovery_url", "must be an https address")
            demand(scopes.contains("openid"), "scopes", "must contain openid")
            demand(!algorithms.isEmpty, "algorithms", "at least one is needed")
        } else if kind == .oauth2 {
            let metadata = try? ProviderMetadata(settings: self, admitting: admits)
            let sentence = "authorization, token and userinfo endpoint must be https addresses near the issuer"
            demand(metadata != nil, "authorization_endpoint", sentence)
        }
        demand(Self.isPrintable(clientID, 1...255), "client_id", "must have 1 to 255 printable ASCII characters")
        demand(
            authentication != .signedSecret || !keyOwner.isEmpty && !keyID.isEmpty,
            "key_owner",
            "is needed with key_id"
        )
        for (name, text) in [("key_id", keyID), ("key_owner", keyOwner)] {
            demand(Self.isPrintable(text, 0...255), name, "must have at most 255 printable ASCII characters")
        }
        let scopesFit = scopes.count <= 50 && scopes.allSatisfy { Self.isPrintable($0, 1...100) && !$0.contains(" ") }
        demand(scopesFit, "scopes", "at most 50 of 1 to 100 ASCII characters without spaces")
        let contextsFit = strongContexts.allSatisfy { Self.isPrintable($0, 1...255) && !$0.contains(" ") }
        demand(strongContexts.count <= 10 && contextsFit, "strong_contexts", "at most 10 without spaces")
        demand(
            endpointHosts.count <= 20 && endpointHosts.allSatisfy(Self.isHost),
            "endpoint_hosts",
            "at most 20 host names"
        )
        demand(
            trustedDomains.count <= 100 && trustedDomains.allSatisfy(Self.isHost),
            "trusted_domains",
            "at most 100 domains"
        )
        demand(
            tenants.count <= 100 && tenants.allSatisfy { Self.isPrintable($0, 36...36) },
            "tenants",
            "at most 100 GUIDs"
        )
        let redirectsFit = redirectURIs.allSatisfy { OutboundURL($0).map { $0.isSecure || admits($0) } == true }
        demand(redirectURIs.count <= 20 && redirectsFit, "redirect_uris", "at most 20 https addresses")
        return problems + claims.problems
    }

    private static func isHost(_ text: String) -> Bool {
        OutboundURL("https://" + text)?.host == text
    }

    static func isPrintable(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}

extension ClaimMap {
    fileprivate var problems: [ProviderSettings.Problem] {
        let names = [subject, email, emailVerified, label] + attributes.flatMap { [$0.claim, $0.attribute] }
        let fits = attributes.count <= 50 && names.allSatisfy { ProviderSettings.isPrintable($0, 1...200) }
        return fits
            ? [] : [.init(setting: "claims", sentence: "at most 50 attributes, names of 1 to 200 ASCII characters")]
    }
}
