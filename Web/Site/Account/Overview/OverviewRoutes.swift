internal import Identity

/// The account home.
enum OverviewRoutes {
    static func show(_ account: AccountVisit) async throws -> Answer {
        let summary = try await AccountSummary(account)
        let cards = account.areas.filter { $0 != .overview }
        let content = OverviewContent(
            name: summary.name ?? summary.address ?? account.texts["account.no_name"],
            address: summary.name == nil ? nil : summary.address,
            advice: advice(summary, account),
            cards: cards.map { card($0, summary, account.texts) }
        )
        return account.page(content, in: .overview)
    }

    private static func card(_ area: AccountArea, _ summary: AccountSummary, _ texts: Texts) -> OverviewContent.Card {
        OverviewContent.Card(
            heading: texts[area.titleID],
            lines: lines(area, summary, texts).map(TextLine.init),
            cardPath: area.path,
            linkLabel: texts["account.open.\(area.rawValue)"]
        )
    }

    private static func lines(_ area: AccountArea, _ summary: AccountSummary, _ texts: Texts) -> [String] {
        switch area {
        case .overview: []
        case .profile:
            [
                summary.profile.missing.isEmpty
                    ? summary.name ?? texts["account.no_profile"] : texts["account.profile_missing"]
            ]
        case .addresses: addressLines(summary, texts)
        case .passkeys:
            [summary.passkeys == 0 ? texts["account.no_passkeys"] : texts.counted("account.passkey", summary.passkeys)]
        case .apps: [summary.apps == 0 ? texts["account.no_apps"] : texts.counted("account.app", summary.apps)]
        case .password: [texts[summary.hasPassword ? "account.has_password" : "account.no_password"]]
        case .logins:
            [summary.logins == 0 ? texts["account.no_logins"] : texts.counted("account.login", summary.logins)]
        case .recovery:
            [
                summary.recoveryCodes == 0
                    ? texts["recovery.none"] : texts.counted("recovery.left", summary.recoveryCodes)
            ]
        case .sessions: [texts.counted("account.session", summary.sessions)]
        case .activity: [texts["account.about_activity"]]
        case .data: [texts["account.about_data"]]
        }
    }

    private static func addressLines(_ summary: AccountSummary, _ texts: Texts) -> [String] {
        guard let address = summary.address else { return [texts["account.no_address"]] }
        let further = summary.user.identifiers.count - 1
        return [address] + (further > 0 ? [texts.counted("account.further_name", further)] : [])
    }

    /// One thing at a time, the most useful first.
    private static func advice(_ summary: AccountSummary, _ account: AccountVisit) -> OverviewContent.Advice? {
        let hasPasskeys = AccountArea.passkeys.isOffered(by: account.core.policy)
        if !summary.profile.missing.isEmpty {
            return advice("profile", path: AccountArea.profile.path, account.texts)
        }
        if hasPasskeys, summary.passkeys == 0 {
            return advice("passkey", path: AccountArea.passkeys.path, account.texts)
        }
        if summary.hasSecondFactor, summary.recoveryCodes == 0 {
            return advice("recovery", path: AccountArea.recovery.path, account.texts)
        }
        return nil
    }

    private static func advice(_ id: String, path: String, _ texts: Texts) -> OverviewContent.Advice {
        OverviewContent.Advice(
            heading: texts["account.advice.\(id)_title"],
            text: texts["account.advice.\(id)_text"],
            advicePath: path,
            label: texts["account.advice.\(id)_button"]
        )
    }
}
