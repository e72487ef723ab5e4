internal import Cryptography
internal import Identity

/// What a person needs to set an app up, from its beginning to its first code.
///
/// The domain tells the secret once. The page must show it again after a wrong code, so the browser keeps it for the
/// while, sealed, and bound to the session: it is shown to nobody else, and nothing of it is kept here.
struct AppSetup: Sendable, Equatable {
    let device: TOTPDeviceID
    let session: SessionID
    let provisioningURI: String

    /// The secret in groups of four, as it is typed into an app that reads no pictures.
    var key: String {
        let query = provisioningURI.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()
        let field = query.split(separator: UInt8(ascii: "&")).first { $0.starts(with: "secret=".utf8) }
        let letters = field.map { Array($0.dropFirst("secret=".utf8.count)) } ?? []
        return stride(from: 0, to: letters.count, by: 4).map { start in
            String(decoding: letters[start..<min(start + 4, letters.count)], as: UTF8.self)
        }.joined(separator: " ")
    }
}

/// Secrets that a page shows to one session for a while, sealed into a cookie.
struct ShownSecretSeal: Sendable {
    let keyRing: KeyRing

    /// The value of the cookie; nil when it cannot be sealed, or would be larger than browsers keep.
    func seal(_ secret: String, for purpose: StaticString, of session: SessionID) -> String? {
        TextSeal(keyRing: keyRing).seal(secret, for: purpose, of: session.bytes)
    }

    /// What a cookie holds for this session; nil for what was not sealed for it.
    func open(_ value: String?, for purpose: StaticString, of session: SessionID) -> String? {
        TextSeal(keyRing: keyRing).open(value, for: purpose, of: session.bytes)
    }
}
