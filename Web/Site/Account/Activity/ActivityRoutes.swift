internal import Identity
internal import MariaDB

/// Recent activity.
enum ActivityRoutes {
    private static let pageSize: UInt32 = 25

    static func show(_ account: AccountVisit) async throws -> Answer {
        let token = account.query["page"]
        let request = PageRequest(size: pageSize, token: token)
        let page = try await account.core.audit.activity(request, account.context)
        let content = ActivityContent(
            entries: page.items.compactMap { entry($0, account) },
            olderPath: page.nextPageToken.map { AccountArea.activity.path + "?page=" + $0 },
            isOlder: !token.isEmpty
        )
        return account.page(content, in: .activity)
    }

    private static func entry(_ activity: AccountActivity, _ account: AccountVisit) -> ActivityContent.Entry? {
        let texts = account.texts
        guard let sentence = ActivityWords.sentence(activity, texts) else { return nil }
        var details = [texts.ago(account.core.now() - activity.occurredAt), texts.moment(activity.occurredAt)]
        if let source = activity.sourceAddress { details.append(texts.text("activity.from", ["source": source])) }
        if activity.actor == .service { details.append(texts["activity.by_service"]) }
        return ActivityContent.Entry(
            sentence: sentence,
            detail: details.joined(separator: " · "),
            moment: activity.occurredAt.description,
            isWarning: ActivityWords.isWarning(activity)
        )
    }
}
