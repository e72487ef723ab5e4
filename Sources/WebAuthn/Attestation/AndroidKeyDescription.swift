internal import Cryptography

/// What Android says of a key: the certificate extension `KeyDescription`, as far as WebAuthn reads it.
struct AndroidKeyDescription: Sendable, Hashable {
    let challenge: [UInt8]
    private let softwareEnforced: Authorizations
    private let hardwareEnforced: Authorizations
    fileprivate static let malformed = CryptographyError(.malformed, "an Android key description is malformed")

    /// Reads the extension's value; members after those we know may follow in later versions.
    init(_ bytes: [UInt8]) throws(CryptographyError) {
        var outer = DERReader(bytes)
        var sequence = try outer.sequence()
        guard outer.isAtEnd else { throw Self.malformed }
        // attestationVersion, attestationSecurityLevel, keyMintVersion, keyMintSecurityLevel.
        _ = try sequence.integer()
        _ = try sequence.enumerated()
        _ = try sequence.integer()
        _ = try sequence.enumerated()
        challenge = try sequence.octetString()
        // uniqueId.
        _ = try sequence.octetString()
        softwareEnforced = try Authorizations(try sequence.sequence())
        hardwareEnforced = try Authorizations(try sequence.sequence())
    }

    /// Section 8.4: for one application alone, generated on the device, and made to sign.
    func isAcceptable(needsHardware: Bool) -> Bool {
        guard !softwareEnforced.isForAllApplications, !hardwareEnforced.isForAllApplications else { return false }
        let counting = needsHardware ? [hardwareEnforced] : [softwareEnforced, hardwareEnforced]
        let origins = counting.compactMap(\.origin)
        return !origins.isEmpty && origins.allSatisfy { $0 == Authorizations.generated }
            && counting.contains { $0.purposes.contains(Authorizations.sign) }
    }
}

/// An `AuthorizationList`: optional members under explicit context tags.
private struct Authorizations: Sendable, Hashable {
    /// KM_ORIGIN_GENERATED.
    static let generated: Int64 = 0
    /// KM_PURPOSE_SIGN.
    static let sign: Int64 = 2

    private(set) var purposes: Set<Int64> = []
    private(set) var isForAllApplications = false
    private(set) var origin: Int64?

    init(_ list: DERReader) throws(CryptographyError) {
        var list = list
        var seen: Set<DERReader.Tag> = []
        while !list.isAtEnd {
            let element = try list.next()
            guard seen.insert(element.tag).inserted else { throw AndroidKeyDescription.malformed }
            try take(element)
        }
    }

    private mutating func take(_ element: DERReader.Element) throws(CryptographyError) {
        var reader = DERReader(element.contents)
        switch element.tag {
        case .context(1):
            var set = try reader.set()
            while !set.isAtEnd { purposes.insert(try set.integer()) }
        case .context(600):
            isForAllApplications = true
        case .context(702):
            origin = try reader.integer()
            guard reader.isAtEnd else { throw AndroidKeyDescription.malformed }
        default: break
        }
    }
}
