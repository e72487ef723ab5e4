/// What is known of well-known providers, so that an administrator gives no more than a client's identity.
package enum ProviderPreset: String, Sendable, Hashable, CaseIterable, Codable {
    /// Anything that speaks OpenID Connect and has a discovery document.
    case generic
    case google
    /// Microsoft Entra: one tenant, or all of them.
    case microsoft
    case apple
    case github
    case gitlab

    /// What people know it as.
    package var displayName: String {
        switch self {
        case .generic: ""
        case .google: "Google"
        case .microsoft: "Microsoft"
        case .apple: "Apple"
        case .github: "GitHub"
        case .gitlab: "GitLab"
        }
    }

    /// The settings to begin with; what an administrator gives is written over them.
    package var settings: ProviderSettings {
        switch self {
        case .generic: ProviderSettings()
        case .google: Self.settingsOfGoogle
        case .microsoft: Self.settingsOfMicrosoft
        case .apple: Self.settingsOfApple
        case .github: Self.settingsOfGitHub
        case .gitlab: Self.settingsOfGitLab
        }
    }

    private static var settingsOfGoogle: ProviderSettings {
        var settings = ProviderSettings(issuer: "https://accounts.google.com")
        settings.endpointHosts = ["oauth2.googleapis.com", "www.googleapis.com", "openidconnect.googleapis.com"]
        settings.algorithms = [.rs256]
        return settings
    }

    /// The document for all tenants names its issuer with a placeholder, and each token the tenant that it is from.
    ///
    /// Its e-mail addresses are not verified by anybody, and nothing here takes them for that.
    private static var settingsOfMicrosoft: ProviderSettings {
        var settings = ProviderSettings(issuer: "https://login.microsoftonline.com/{tenantid}/v2.0")
        settings.discoveryURL = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"
        settings.endpointHosts = ["graph.microsoft.com"]
        settings.authentication = .secretPost
        settings.algorithms = [.rs256]
        return settings
    }

    /// With a scope Apple answers by a form only, and its client secret is signed anew for each use.
    private static var settingsOfApple: ProviderSettings {
        var settings = ProviderSettings(issuer: "https://appleid.apple.com")
        settings.authentication = .signedSecret
        settings.responseMode = .formPost
        settings.scopes = ["openid", "email"]
        settings.algorithms = [.rs256, .es256]
        return settings
    }

    private static var settingsOfGitHub: ProviderSettings {
        var settings = ProviderSettings(kind: .oauth2, issuer: "https://github.com")
        settings.authorizationEndpoint = "https://github.com/login/oauth/authorize"
        settings.tokenEndpoint = "https://github.com/login/oauth/access_token"
        settings.userinfoEndpoint = "https://api.github.com/user"
        settings.emailsEndpoint = "https://api.github.com/user/emails"
        settings.authentication = .secretPost
        settings.scopes = ["read:user", "user:email"]
        settings.claims.subject = "id"
        settings.claims.label = "login"
        return settings
    }

    private static var settingsOfGitLab: ProviderSettings {
        var settings = ProviderSettings(issuer: "https://gitlab.com")
        settings.algorithms = [.rs256]
        settings.usesUserinfo = true
        settings.claims.label = "nickname"
        return settings
    }
}
