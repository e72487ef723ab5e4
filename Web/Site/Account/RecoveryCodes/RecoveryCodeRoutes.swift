internal import Cryptography
internal import Identity

/// Recovery codes: how many are left, and making new ones, which are shown once (SECURITY RC-01, RC-03).
enum RecoveryCodeRoutes {
    private static let purpose: StaticString = "recovery_codes"

    static func show(_ account: AccountVisit) async throws -> Answer {
        let left = try await account.core.recoveryCodes.remaining(of: account.session.userID, account.context)
        let apps = try await AppRoutes.devices(account)
        let passkeys = try await account.core.passkeys.list(account.session.userID, account.context)
        let texts = account.texts
        let content = RecoveryCodesContent(
            status: left == 0 ? texts["recovery.none"] : texts.counted("recovery.left", left),
            isLow: left > 0 && left <= 3,
            canMake: !(apps.isEmpty && passkeys.isEmpty),
            makeLabel: texts[left == 0 ? "recovery.make" : "recovery.make_new"]
        )
        return account.page(content, in: .recovery)
    }

    static func ask(_ account: AccountVisit) async throws -> Answer {
        try await account.requireStrongestProof()
        let texts = account.texts
        let content = ActionPage(
            lead: texts["recovery.make_lead"],
            facts: [],
            actionPath: "/account/recovery/make",
            id: "",
            label: texts["recovery.make_button"],
            cancelPath: AccountArea.recovery.path
        )
        return account.page(content, in: .recovery, title: "recovery.make_title")
    }

    /// Makes codes and hands them on to the next page, which shows them once; loading a page again makes none.
    static func make(_ account: AccountVisit) async throws -> Answer {
        try await account.attempt(orBackTo: AccountArea.recovery.path) {
            let codes = try await account.core.recoveryCodes.generate(account.context)
            let text = codes.compactMap { $0.validatedUTF8String() }.joined(separator: " ")
            let seal = ShownSecretSeal(keyRing: account.core.keyRing)
            guard let sealed = seal.seal(text, for: purpose, of: account.session.id) else { throw PageRefusal.tooLarge }
            return account.visit.redirect("/account/recovery/codes").setting(.shown, to: sealed, for: .seconds(60))
        }
    }

    static func codes(_ account: AccountVisit) async throws -> Answer {
        let seal = ShownSecretSeal(keyRing: account.core.keyRing)
        let opened = seal.open(account.visit.cookies[.shown], for: purpose, of: account.session.id)
        guard let opened else {
            return account.visit.redirect(AccountArea.recovery.path, notice: Notice(.recoveryCodesGone))
        }
        let codes = opened.split(separator: " ").map { NewCodesContent.Code(code: String($0)) }
        return account.page(NewCodesContent(codes: codes), in: .recovery, title: "recovery.codes_title").dropping(
            .shown
        )
    }
}
