internal import Cryptography

/// A secret of one browser, to which the forms are bound that need no session.
///
/// Nothing else hangs on it: it opens nothing and names nobody. It stays while flows come and go, so that a page in a
/// second tab still works, and goes with a sign-in and with signing out (SECURITY SE-12).
struct BrowserCookie: Sendable, Equatable {
    let value: String
    /// Made for this very answer, which has to set it.
    let isNew: Bool

    private static let prefix = "ghb_"

    /// Reads the cookie; nil for what we would not have set.
    init?(_ value: String?) {
        guard let value, value.hasPrefix(Self.prefix),
            Base64URL.decode(String(value.dropFirst(Self.prefix.count)))?.count == 32
        else { return nil }
        self.value = value
        isNew = false
    }

    private init(new value: String) {
        self.value = value
        isNew = true
    }

    /// A new secret for a browser that has none.
    static func make(random: any RandomSource = SystemRandom()) -> BrowserCookie {
        BrowserCookie(new: prefix + Base64URL.encode(random.bytes(32)))
    }
}
