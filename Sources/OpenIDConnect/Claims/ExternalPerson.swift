internal import JSON

/// Who somebody is, as a provider vouches for it.
package struct ExternalPerson: Sendable, Hashable {
    package let issuer: String
    package let subject: String
    package let email: String?
    /// True only for the boolean `true`: some providers write the word, and what they mean by it is not told.
    package let isEmailVerified: Bool
    package let label: String
    /// Whether a context of authentication that was asked for, and counts as two factors, was reached.
    package let isStrong: Bool
    /// The provider's name for its session.
    package let sessionID: String?
    package let claims: ClaimSet

    /// Reads the claims of a checked ID token, with those of the userinfo endpoint.
    init(token claims: ClaimSet, userinfo: ClaimSet?, _ settings: ProviderSettings) throws(OpenIDError) {
        let map = settings.claims
        let all = userinfo.map { claims.filled(from: $0) } ?? claims
        subject = try Self.subject(claims, map)
        issuer = claims.string("iss") ?? settings.issuer
        (email, isEmailVerified) = Self.email(all, map)
        label = Self.label(all, map) ?? email ?? subject
        isStrong = claims.string("acr").map(settings.strongContexts.contains) ?? false
        sessionID = claims.string("sid").flatMap { IDTokenRules.isSubject($0) ? $0 : nil }
        self.claims = all
    }

    /// Reads what an OAuth 2.0 provider tells of a token's owner.
    init(profile: ClaimSet, emails: JSONValue?, _ settings: ProviderSettings) throws(OpenIDError) {
        let map = settings.claims
        subject = try Self.subject(profile, map)
        issuer = settings.issuer
        let listed = emails.flatMap(Self.primary)
        (email, isEmailVerified) =
            emails == nil ? Self.email(profile, map) : (listed?.address, listed?.isVerified ?? false)
        label = Self.label(profile, map) ?? email ?? subject
        isStrong = false
        sessionID = nil
        claims = profile
    }

    /// Whether a text can tell who somebody is: visible ASCII, of bounded length (OpenID Connect Core section 2).
    package static func isSubject(_ text: String) -> Bool { IDTokenRules.isSubject(text) }

    /// A number counts as its digits; nothing, and zero, are nobody (SECURITY OI-09).
    private static func subject(_ claims: ClaimSet, _ map: ClaimMap) throws(OpenIDError) -> String {
        let text: String? =
            switch claims[path: map.subject] {
            case .string(let text): text
            case .number(let digits) where digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }): digits
            default: nil
            }
        guard let text, IDTokenRules.isSubject(text), text != "0" else { throw OpenIDError(.subjectWrong) }
        return text
    }

    private static func email(_ claims: ClaimSet, _ map: ClaimMap) -> (String?, Bool) {
        guard case .string(let address) = claims[path: map.email], address.utf8.count <= 320 else {
            return (nil, false)
        }
        return (address, claims[path: map.emailVerified] == .bool(true))
    }

    private static func label(_ claims: ClaimSet, _ map: ClaimMap) -> String? {
        guard case .string(let text) = claims[path: map.label], !text.isEmpty else { return nil }
        return String(text.unicodeScalars.prefix(200))
    }

    /// The main address of a list such as GitHub's.
    private static func primary(_ list: JSONValue) -> (address: String, isVerified: Bool)? {
        guard case .array(let values) = list else { return nil }
        let main = values.compactMap(ClaimSet.init).first { $0["primary"] == .bool(true) }
        guard let main, let address = main.string("email"), address.utf8.count <= 320 else { return nil }
        return (address, main["verified"] == .bool(true))
    }
}
