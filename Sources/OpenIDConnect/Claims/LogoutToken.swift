/// A provider's word that somebody signed out there (OpenID Connect Back-Channel Logout 1.0 section 2.6; SECURITY OI-18).
package struct LogoutToken: Sendable, Hashable {
    private static let event = "http://schemas.openid.net/event/backchannel-logout"
    /// A token that lives longer than this is none, in seconds.
    private static let maximumLifetime: Int64 = 300

    package let issuer: String
    /// Whose sessions are over; nil: the one session only.
    package let subject: String?
    /// The provider's name for the session that is over; nil: all of the subject.
    package let sessionID: String?
    /// To be taken once.
    package let tokenID: String
    /// Until when it has to be remembered, in seconds.
    package let expiresAt: Int64

    /// Checks a token with keys that it may be signed with.
    package init(
        _ token: JSONWebToken,
        keys: [JSONWebKey],
        settings: ProviderSettings,
        now: Int64
    ) throws(OpenIDError) {
        guard token.type?.lowercased() == "logout+jwt" else { throw OpenIDError(.tokenTypeWrong) }
        try IDTokenRules.checkSignature(token, keys: keys, settings)
        try IDTokenRules.checkParties(token.claims, settings)
        try IDTokenRules.checkTimes(token.claims, from: now - Self.maximumLifetime, at: now)
        let claims = token.claims
        guard let events = claims["events"].flatMap(ClaimSet.init), events[Self.event].flatMap(ClaimSet.init) != nil
        else { throw OpenIDError(.eventMissing) }
        guard claims["nonce"] == nil else { throw OpenIDError(.nonceForbidden) }
        guard let id = claims.string("jti"), (1...255).contains(id.utf8.count) else {
            throw OpenIDError(.tokenIDMissing)
        }
        for name in ["sub", "sid"] where claims[name] != nil {
            guard let text = claims.string(name), IDTokenRules.isSubject(text) else { throw OpenIDError(.subjectWrong) }
        }
        guard claims["sub"] != nil || claims["sid"] != nil else { throw OpenIDError(.sessionMissing) }
        guard let expiry = claims.time("exp"), expiry <= now + Self.maximumLifetime else {
            throw OpenIDError(.claimsMalformed)
        }
        issuer = claims.string("iss") ?? ""
        subject = claims.string("sub")
        sessionID = claims.string("sid")
        tokenID = id
        expiresAt = expiry + IDTokenRules.skew
    }
}
