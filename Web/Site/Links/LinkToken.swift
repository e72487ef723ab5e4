internal import Identity

extension Visit {
    /// For how long a page knows the link that led to it; whoever comes later opens the link again.
    private static let lifetimeOfLink = Duration.seconds(3600)

    /// Takes the secret of a one-time link out of the address at once, where histories keep it, and hands it to the page in
    /// a cookie (SECURITY WEB-05).
    func exchangeLink(for purpose: StaticString) -> Answer {
        let seal = TextSeal(keyRing: parts.core.keyRing)
        guard let sealed = seal.seal(query["token"], for: purpose) else { return LinkRoutes.over(self) }
        return redirect(path).setting(.link, to: sealed, for: Self.lifetimeOfLink)
    }

    /// The secret of the link that led here; nil where none did.
    func linkToken(for purpose: StaticString) -> String? {
        TextSeal(keyRing: parts.core.keyRing).open(cookies[.link], for: purpose)
    }
}
