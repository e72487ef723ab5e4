internal import Cryptography

/// Keeps a notice in a cookie until it is shown; sealed, since what was typed is nobody else's business and a text on our
/// page is ours alone.
struct NoticeSeal: Sendable {
    private static let context = AssociatedContext(table: "site", row: [], column: "notice")
    /// A typed text longer than this is not kept.
    private static let maximumTyped = 1300

    let keyRing: KeyRing

    /// The value of the cookie; nil when it cannot be sealed, and then nothing is shown.
    func seal(_ notice: Notice) -> String? {
        let typed = notice.typed.utf8.count <= Self.maximumTyped ? Array(notice.typed.utf8) : []
        let sealed = try? keyRing.seal([notice.kind.rawValue] + typed, for: .cookie, context: Self.context)
        return sealed.map { Base64URL.encode($0) }
    }

    /// What a cookie holds; nil for what we did not seal.
    func open(_ value: String?) -> Notice? {
        guard let value, let sealed = Base64URL.decode(value),
            let opened = try? keyRing.open(sealed, for: .cookie, context: Self.context)
        else { return nil }
        return opened.withBytes { bytes in
            guard let kind = bytes.first.flatMap(Notice.Kind.init),
                let typed = String(validating: bytes.dropFirst(), as: UTF8.self)
            else { return nil }
            return Notice(kind, typed: typed)
        }
    }
}
