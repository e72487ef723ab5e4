internal import Cryptography

extension ProviderSettings {
    /// Whether an issuer is this provider's, or that of one of its tenants.
    package func admits(issuer: String) -> Bool { IssuerRule(settings: self).admits(callbackIssuer: issuer) }
}

/// Whose tokens are taken: one issuer, to the byte, or one for each tenant (SECURITY OI-05, OI-07).
struct IssuerRule: Sendable {
    private static let placeholder = "{tenantid}"

    let settings: ProviderSettings

    /// Whether a discovery document names the issuer that it must.
    ///
    /// Microsoft's document for all tenants has the placeholder in it; that of one tenant has the tenant.
    func admits(documentIssuer issuer: String) -> Bool {
        issuer.utf8.elementsEqual(settings.issuer.utf8)
    }

    /// Whether a token's claims name the issuer that they must.
    func admits(_ claims: ClaimSet) -> Bool {
        guard let issuer = claims.string("iss") else { return false }
        guard let (before, after) = split else { return issuer.utf8.elementsEqual(settings.issuer.utf8) }
        guard let tenant = claims.string("tid"), Self.isTenant(tenant),
            settings.tenants.isEmpty || settings.tenants.contains(tenant)
        else { return false }
        return issuer.utf8.elementsEqual((before + tenant + after).utf8)
    }

    /// Whether the callback's `iss` is the one it must be (RFC 9207 section 2.4); a tenant is known later, by the token.
    func admits(callbackIssuer issuer: String) -> Bool {
        guard let (before, after) = split else { return issuer.utf8.elementsEqual(settings.issuer.utf8) }
        guard issuer.utf8.starts(with: before.utf8), issuer.utf8.count > before.utf8.count + after.utf8.count else {
            return false
        }
        let tenant = String(
            decoding: issuer.utf8.dropFirst(before.utf8.count).dropLast(after.utf8.count),
            as: UTF8.self
        )
        return Self.isTenant(tenant) && issuer.utf8.elementsEqual((before + tenant + after).utf8)
    }

    private var split: (before: String, after: String)? {
        let bytes = Array(settings.issuer.utf8)
        let place = Array(Self.placeholder.utf8)
        guard bytes.count >= place.count else { return nil }
        for start in 0...(bytes.count - place.count) where bytes[start...].starts(with: place) {
            return (
                String(decoding: bytes[..<start], as: UTF8.self),
                String(decoding: bytes[(start + place.count)...], as: UTF8.self)
            )
        }
        return nil
    }

    /// The text form of a GUID in lower case.
    private static func isTenant(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 36
            && bytes.enumerated().allSatisfy { index, byte in
                [8, 13, 18, 23].contains(index)
                    ? byte == UInt8(ascii: "-") : (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
            }
    }
}
