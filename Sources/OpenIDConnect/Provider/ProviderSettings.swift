/// How one provider is asked and what is taken from it; its secrets are kept elsewhere.
///
/// Members that a later version adds need a default when they are read.
package struct ProviderSettings: Sendable, Hashable, Codable {
    /// How people are vouched for.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// OpenID Connect Core 1.0: a signed ID token.
        case openIDConnect = "openid_connect"
        /// OAuth 2.0 with an address that tells who the token's owner is, as GitHub has it.
        case oauth2
    }

    /// How we prove who we are to the token endpoint (OpenID Connect Core 1.0 section 9).
    package enum ClientAuthentication: String, Sendable, Hashable, Codable, CaseIterable {
        case secretBasic = "client_secret_basic"
        case secretPost = "client_secret_post"
        case privateKey = "private_key_jwt"
        /// A client secret that is a JWT, signed with a key of ours, as Apple has it.
        case signedSecret = "signed_client_secret"

        /// Whether it needs a private key instead of a secret.
        package var usesKey: Bool { self == .privateKey || self == .signedSecret }
    }

    /// How the code comes back.
    package enum ResponseMode: String, Sendable, Hashable, Codable, CaseIterable {
        case query
        case formPost = "form_post"
    }

    package var kind: Kind
    /// Part of every identity of the provider; for OpenID Connect the `iss` of its tokens.
    ///
    /// `{tenantid}` stands for the
    /// claim `tid`, as Microsoft's common endpoints have it.
    package var issuer: String
    /// Where the discovery document is; empty: at the usual place below the issuer.
    package var discoveryURL: String
    /// Endpoints of a provider that has no discovery document.
    package var authorizationEndpoint: String
    package var tokenEndpoint: String
    /// Tells of the person; with OpenID Connect the document's own is used when this is empty.
    package var userinfoEndpoint: String
    /// Lists the addresses of the person with what is verified, as GitHub has it; empty: none.
    package var emailsEndpoint: String
    /// Hosts besides the issuer's own, and those below it, that endpoints may be on.
    package var endpointHosts: [String]
    package var clientID: String
    package var authentication: ClientAuthentication
    /// Names the key of ours in what it signs.
    package var keyID: String
    /// Who signs client secrets that are JWTs; Apple's team identifier.
    package var keyOwner: String
    package var scopes: [String]
    package var responseMode: ResponseMode
    /// What tokens may be signed with.
    package var algorithms: [JWTAlgorithm]
    /// Whether the userinfo endpoint is asked for claims that the ID token lacks.
    package var usesUserinfo: Bool
    /// Tenants whose people are taken, where the issuer has `{tenantid}`; empty: all.
    package var tenants: [String]
    /// Contexts of authentication that are asked for (`acr_values`) and count as two factors.
    package var strongContexts: [String]
    package var claims: ClaimMap
    /// E-mail domains that the provider speaks for: their verified addresses may find the account of the same address.
    package var trustedDomains: [String]
    /// Whether people without an account get one, as far as the policy for registrations lets them.
    package var allowsRegistration: Bool
    /// Where the browser may come back to, beside the site's own address: those of callers with pages of their own.
    package var redirectURIs: [String]

    package init(kind: Kind = .openIDConnect, issuer: String = "", clientID: String = "") {
        self.kind = kind
        self.issuer = issuer
        self.clientID = clientID
        discoveryURL = ""
        authorizationEndpoint = ""
        tokenEndpoint = ""
        userinfoEndpoint = ""
        emailsEndpoint = ""
        endpointHosts = []
        authentication = .secretBasic
        keyID = ""
        keyOwner = ""
        scopes = kind == .openIDConnect ? ["openid", "email", "profile"] : []
        responseMode = .query
        algorithms = [.rs256, .ps256, .es256, .eddsa]
        usesUserinfo = false
        tenants = []
        strongContexts = []
        claims = ClaimMap()
        trustedDomains = []
        allowsRegistration = true
        redirectURIs = []
    }
}
