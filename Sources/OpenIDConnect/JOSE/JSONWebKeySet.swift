internal import Cryptography
internal import JSON

/// A public key of a provider (RFC 7517 section 4).
package struct JSONWebKey: Sendable, Hashable {
    package let id: String?
    /// The one algorithm that it is for, if it says so.
    let algorithm: String?
    let key: VerificationKey

    /// Nil for a key that we check no signatures with.
    init?(_ value: JSONValue) {
        guard let members = ClaimSet(value), members["use"] == nil || members.string("use") == "sig",
            members["key_ops"] == nil || members.strings("key_ops")?.contains("verify") == true,
            members["kid"] == nil || members.string("kid") != nil,
            members["alg"] == nil || members.string("alg") != nil,
            let key = Self.key(members)
        else { return nil }
        id = members.string("kid")
        algorithm = members.string("alg")
        self.key = key
    }

    /// Whether a token may be checked with it (SECURITY OI-06).
    func fits(_ token: JSONWebToken) -> Bool {
        token.algorithm.fits(key.kind) && (algorithm == nil || algorithm == token.algorithm.rawValue)
    }

    private static func key(_ members: ClaimSet) -> VerificationKey? {
        func number(_ name: String) -> [UInt8]? { members.string(name).flatMap { Base64URL.decode($0) } }
        switch (members.string("kty"), members.string("crv")) {
        case ("RSA", nil):
            guard let modulus = number("n"), let exponent = number("e") else { return nil }
            return try? VerificationKey(rsaModulus: modulus, exponent: exponent)
        case ("EC", let curve?):
            let curves: [String: VerificationKey.Curve] = ["P-256": .p256, "P-384": .p384, "P-521": .p521]
            guard let curve = curves[curve], let x = number("x"), let y = number("y") else { return nil }
            return try? VerificationKey(curve: curve, x: x, y: y)
        case ("OKP", "Ed25519"):
            guard let point = number("x") else { return nil }
            return try? VerificationKey(edwards: .ed25519, publicKey: point)
        default: return nil
        }
    }
}

/// The keys of a provider that signatures are checked with.
package struct JSONWebKeySet: Sendable, Hashable {
    /// More keys than this no provider has (SECURITY OI-08).
    private static let maximumKeys = 64

    package let keys: [JSONWebKey]

    init(keys: [JSONWebKey]) { self.keys = keys }

    /// Reads a key set; keys that we cannot use are left out.
    ///
    /// - Throws: `.keysMalformed`, also when no key is left.
    package init(document bytes: [UInt8]) throws(OpenIDError) {
        guard case .array(let values)? = ClaimSet(json: bytes)?["keys"], values.count <= Self.maximumKeys else {
            throw OpenIDError(.keysMalformed)
        }
        keys = values.compactMap(JSONWebKey.init)
        guard !keys.isEmpty else { throw OpenIDError(.keysMalformed) }
    }

    /// The keys that a token may be signed with: by its key identifier, and of the kind of its algorithm.
    ///
    /// A token without an identifier is taken only where a single key fits.
    func candidates(for token: JSONWebToken) -> [JSONWebKey] {
        let fitting = keys.filter { $0.fits(token) }
        guard let id = token.keyID else { return fitting.count == 1 ? fitting : [] }
        return fitting.filter { $0.id?.utf8.elementsEqual(id.utf8) == true }
    }
}
