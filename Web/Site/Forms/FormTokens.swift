internal import Cryptography

/// What a form of ours carries to show that it is ours: an HMAC over the cookie it was made for (SECURITY WEB-01).
struct FormTokens: Sendable {
    /// The cookie that a form is bound to.
    enum Binding: Sendable, Equatable {
        case browser(String)
        case session(String)

        fileprivate var bytes: [UInt8] {
            switch self {
            case .browser(let value): Array("browser:".utf8) + value.utf8
            case .session(let value): Array("session:".utf8) + value.utf8
            }
        }
    }

    let keyRing: KeyRing

    /// The hidden field's value.
    func token(for binding: Binding) -> String {
        let code = keyRing.authenticationCode(for: binding.bytes, purpose: .csrf)
        let id = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: code.keyID >> $0) }
        return Base64URL.encode(id + code.bytes)
    }

    /// Whether a token was made for this cookie, under a key that is still ours; in constant time.
    func isValid(_ token: String, for binding: Binding) -> Bool {
        guard let bytes = Base64URL.decode(token), bytes.count == 36 else { return false }
        let id = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let code = AuthenticationCode(keyID: id, bytes: Array(bytes.dropFirst(4)))
        return keyRing.isValid(code, for: binding.bytes, purpose: .csrf)
    }
}
