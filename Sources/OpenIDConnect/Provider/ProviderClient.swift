package import Cryptography
internal import JSON
package import OutboundHTTP

/// Asks one provider; HTTP, the time and randomness are given.
package struct ProviderClient: Sendable {
    package let settings: ProviderSettings
    private let http: any OutboundHTTP
    private let random: any RandomSource

    package init(_ settings: ProviderSettings, http: any OutboundHTTP, random: any RandomSource) {
        self.settings = settings
        self.http = http
        self.random = random
    }

    /// The endpoints, asked for or from the settings.
    package func metadata() async throws(OpenIDError) -> ProviderMetadata {
        guard settings.kind == .openIDConnect else {
            return try ProviderMetadata(settings: settings, admitting: http.admits)
        }
        guard let url = settings.documentURL else { throw OpenIDError(.endpointRefused) }
        let body = try await document(at: url)
        return try ProviderMetadata(document: body, settings: settings, admitting: http.admits)
    }

    /// The keys that tokens are signed with.
    package func keys(_ metadata: ProviderMetadata) async throws(OpenIDError) -> JSONWebKeySet {
        guard let url = metadata.keysEndpoint else { throw OpenIDError(.endpointMissing) }
        return try JSONWebKeySet(document: try await document(at: url))
    }

    /// Exchanges a code.
    package func exchange(
        _ request: TokenRequest,
        _ metadata: ProviderMetadata,
        credential: ClientCredential,
        now: Int64
    ) async throws(OpenIDError) -> TokenResponse {
        let request = try request.request(
            settings,
            to: metadata.tokenEndpoint,
            credential: credential,
            now: now,
            random: random
        )
        return try TokenResponse(try await answer(to: request))
    }

    /// Who somebody is by a checked ID token, with what the userinfo endpoint adds.
    package func person(
        _ token: JSONWebToken,
        accessToken: SecretBytes,
        _ metadata: ProviderMetadata
    ) async throws(OpenIDError) -> ExternalPerson {
        guard let url = metadata.userinfoEndpoint else {
            return try ExternalPerson(token: token.claims, userinfo: nil, settings)
        }
        guard let info = ClaimSet(json: try await profile(at: url, accessToken)) else {
            throw OpenIDError(.profileMalformed)
        }
        let subject = try IDTokenRules.subject(of: token.claims)
        guard info.string("sub")?.utf8.elementsEqual(subject.utf8) == true else {
            throw OpenIDError(.profileSubjectWrong)
        }
        return try ExternalPerson(token: token.claims, userinfo: info, settings)
    }

    /// Who the owner of an access token is, where no token is signed.
    package func person(
        accessToken: SecretBytes,
        _ metadata: ProviderMetadata
    ) async throws(OpenIDError) -> ExternalPerson {
        guard let url = metadata.userinfoEndpoint else { throw OpenIDError(.endpointMissing) }
        guard let profile = ClaimSet(json: try await profile(at: url, accessToken)) else {
            throw OpenIDError(.profileMalformed)
        }
        var emails: JSONValue?
        if let url = metadata.emailsEndpoint {
            guard let list = try? JSONParser.parse(try await self.profile(at: url, accessToken)) else {
                throw OpenIDError(.profileMalformed)
            }
            emails = list
        }
        return try ExternalPerson(profile: profile, emails: emails, settings)
    }

    private func profile(at url: OutboundURL, _ accessToken: SecretBytes) async throws(OpenIDError) -> [UInt8] {
        var request = OutboundRequest(.get, url)
        request.add("Accept", "application/json")
        let bearer = SecretBytes(copying: Array("Bearer ".utf8) + accessToken.withBytes { Array($0) })
        request.headers.append(("Authorization", bearer))
        return try body(of: try await answer(to: request))
    }

    private func document(at url: OutboundURL) async throws(OpenIDError) -> [UInt8] {
        var request = OutboundRequest(.get, url)
        request.add("Accept", "application/json")
        return try body(of: try await answer(to: request))
    }

    private func body(of response: OutboundResponse) throws(OpenIDError) -> [UInt8] {
        guard response.status == 200 else { throw OpenIDError(.badStatus, status: response.status) }
        return response.body
    }

    private func answer(to request: OutboundRequest) async throws(OpenIDError) -> OutboundResponse {
        do { return try await http.send(request) } catch { throw OpenIDError(error) }
    }
}
