internal import Identity
internal import OpenIDConnect
internal import Wire

/// The settings of a provider that a request names, read into the domain's types.
struct SettingsFields: Sendable {
    typealias Write = @Sendable (inout OpenIDConnect.ProviderSettings) -> Void
    private typealias Reader =
        @Sendable (Wire.ProviderSettings, _ field: String) throws(FlowError) -> Write

    static var names: [String] { readers.keys.sorted() }

    private let writes: [Write]

    init(_ settings: Wire.ProviderSettings?, mask: [String]) throws(FlowError) {
        var writes: [Write] = []
        for field in mask {
            guard let reader = Self.readers[field], let settings else {
                throw RequestFields.invalid(
                    "settings",
                    "a field of the settings is named that is not there",
                    .fieldUnknown
                )
            }
            writes.append(try reader(settings, field))
        }
        self.writes = writes
    }

    func write(to settings: inout OpenIDConnect.ProviderSettings) {
        for write in writes { write(&settings) }
    }

    private static let readers: [String: Reader] = texts.merging(lists) { $1 }.merging(choices) { $1 }

    private static let texts: [String: Reader] = [
        "issuer": { settings, _ in { $0.issuer = settings.issuer } },
        "discovery_url": { settings, _ in { $0.discoveryURL = settings.discoveryURL } },
        "authorization_endpoint": { settings, _ in { $0.authorizationEndpoint = settings.authorizationEndpoint } },
        "token_endpoint": { settings, _ in { $0.tokenEndpoint = settings.tokenEndpoint } },
        "userinfo_endpoint": { settings, _ in { $0.userinfoEndpoint = settings.userinfoEndpoint } },
        "emails_endpoint": { settings, _ in { $0.emailsEndpoint = settings.emailsEndpoint } },
        "client_id": { settings, _ in { $0.clientID = settings.clientID } },
        "key_id": { settings, _ in { $0.keyID = settings.keyID } },
        "key_owner": { settings, _ in { $0.keyOwner = settings.keyOwner } },
        "use_userinfo": { settings, _ in { $0.usesUserinfo = settings.useUserinfo } },
        "allow_registration": { settings, _ in { $0.allowsRegistration = settings.allowRegistration } },
        "subject_claim": { settings, _ in { $0.claims.subject = settings.subjectClaim } },
        "email_claim": { settings, _ in { $0.claims.email = settings.emailClaim } },
        "email_verified_claim": { settings, _ in { $0.claims.emailVerified = settings.emailVerifiedClaim } },
        "label_claim": { settings, _ in { $0.claims.label = settings.labelClaim } },
    ]

    private static let lists: [String: Reader] = [
        "endpoint_hosts": { settings, _ in { $0.endpointHosts = settings.endpointHosts } },
        "scopes": { settings, _ in { $0.scopes = settings.scopes } },
        "tenants": { settings, _ in { $0.tenants = settings.tenants } },
        "strong_contexts": { settings, _ in { $0.strongContexts = settings.strongContexts } },
        "trusted_domains": { settings, _ in { $0.trustedDomains = settings.trustedDomains } },
        "redirect_uris": { settings, _ in { $0.redirectURIs = settings.redirectUris } },
    ]

    private static let choices: [String: Reader] = [
        "kind": { settings, field throws(FlowError) in
            let kind: OpenIDConnect.ProviderSettings.Kind = try Self.choice(settings.kind, field)
            return { $0.kind = kind }
        },
        "authentication": { settings, field throws(FlowError) in
            let way: OpenIDConnect.ProviderSettings.ClientAuthentication = try Self.choice(
                settings.authentication,
                field
            )
            return { $0.authentication = way }
        },
        "response_mode": { settings, field throws(FlowError) in
            let mode: OpenIDConnect.ProviderSettings.ResponseMode = try Self.choice(settings.responseMode, field)
            return { $0.responseMode = mode }
        },
        "algorithms": { settings, field throws(FlowError) in
            var algorithms: [JWTAlgorithm] = []
            for name in settings.algorithms { algorithms.append(try Self.choice(name, field)) }
            let read = algorithms
            return { $0.algorithms = read }
        },
        "attributes": { settings, field throws(FlowError) in
            var attributes: [ClaimMap.Attribute] = []
            for mapping in settings.attributes {
                let refresh: ClaimMap.Attribute.Refresh =
                    mapping.refresh.isEmpty ? .never : try Self.choice(mapping.refresh, field)
                attributes.append(.init(claim: mapping.claim, attribute: mapping.attribute, refresh: refresh))
            }
            let read = attributes
            return { $0.claims.attributes = read }
        },
    ]

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ text: String,
        _ field: String
    ) throws(FlowError) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw RequestFields.invalid("settings." + field, "is one of \(names)")
        }
        return choice
    }
}

extension Provider {
    init(_ provider: ExternalProvider) {
        self.init(
            id: provider.id.description,
            name: provider.name,
            displayName: provider.displayName,
            preset: provider.preset.rawValue,
            enabled: provider.isEnabled,
            hasSecret: provider.hasSecret,
            settings: Wire.ProviderSettings(provider.settings),
            revision: provider.revision,
            createTime: provider.createdAt.wire,
            updateTime: provider.updatedAt.wire
        )
    }
}

extension Wire.ProviderSettings {
    fileprivate init(_ settings: OpenIDConnect.ProviderSettings) {
        self.init(
            kind: settings.kind.rawValue,
            issuer: settings.issuer,
            discoveryURL: settings.discoveryURL,
            authorizationEndpoint: settings.authorizationEndpoint,
            tokenEndpoint: settings.tokenEndpoint,
            userinfoEndpoint: settings.userinfoEndpoint,
            emailsEndpoint: settings.emailsEndpoint,
            endpointHosts: settings.endpointHosts,
            clientID: settings.clientID,
            authentication: settings.authentication.rawValue,
            keyID: settings.keyID,
            keyOwner: settings.keyOwner,
            scopes: settings.scopes,
            responseMode: settings.responseMode.rawValue,
            algorithms: settings.algorithms.map(\.rawValue),
            useUserinfo: settings.usesUserinfo,
            tenants: settings.tenants,
            strongContexts: settings.strongContexts,
            subjectClaim: settings.claims.subject,
            emailClaim: settings.claims.email,
            emailVerifiedClaim: settings.claims.emailVerified,
            labelClaim: settings.claims.label,
            attributes: settings.claims.attributes.map {
                ClaimMapping(claim: $0.claim, attribute: $0.attribute, refresh: $0.refresh.rawValue)
            },
            trustedDomains: settings.trustedDomains,
            allowRegistration: settings.allowsRegistration,
            redirectUris: settings.redirectURIs
        )
    }
}
