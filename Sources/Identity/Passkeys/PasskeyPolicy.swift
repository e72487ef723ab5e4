import MariaDB
package import WebAuthn

/// How passkeys are asked for and taken.
package struct PasskeyPolicy: Sendable {
    /// Who we are to authenticators; nil: there are no passkeys.
    package var relyingParty: RelyingParty?
    /// What browsers show as the site's name.
    package var relyingPartyName = "Gatehouse"
    /// The most wanted first (Level 3 section 5.4).
    package var algorithms: [COSEAlgorithm] = [.edDSA, .es256, .rs256, .es384, .es512, .ps256]
    package var maximumPerUser = 50
    /// Whether passkeys are taken that may leave their device.
    package var allowsSynchronised = true
    /// How long a person has for a ceremony (Level 3 section 16.1 recommends 5 to 10 minutes).
    package var challengeLifetime: Duration = .seconds(300)
    /// Whether a passkey must know its owner at registration; one that is the only factor always must.
    package var userVerification = UserVerification.preferred
    package var attestationConveyance = AttestationConveyance.none
    /// Which attestations are taken; the time in it is that of each registration.
    package var attestation = AttestationPolicy(time: 0)

    package init() {}

    /// Takes the address of the site, `https://login.example.org`, as an origin, and its host as the relying party.
    ///
    /// Pages of the related origins may use its passkeys, too (Level 3 section 5.11).
    package mutating func serve(siteURL: String, siteName: String, relatedOrigins: [String] = []) {
        relyingPartyName = siteName
        let authority = siteURL.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2)
        let host = authority.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "/") }
        // An address in brackets or by number names no domain, and passkeys belong to one (Level 3 section 5.1.3).
        let isDomain = host.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } && host.first != 0x5B
        guard isDomain else { return }
        let origin = siteURL.hasSuffix("/") ? String(siteURL.dropLast()) : siteURL
        relyingParty = RelyingParty(
            id: String(decoding: Array(host), as: UTF8.self),
            origins: [origin] + relatedOrigins
        )
    }

    /// The attestations that are taken now.
    func attestation(at now: Timestamp) -> AttestationPolicy {
        var policy = attestation
        policy.time = now.microsecondsSinceEpoch / 1_000_000
        return policy
    }
}

/// What browsers are asked to tell of an authenticator's model (Level 3 section 5.4.7).
package enum AttestationConveyance: String, Sendable, Hashable, CaseIterable {
    case none, indirect, direct, enterprise
}
