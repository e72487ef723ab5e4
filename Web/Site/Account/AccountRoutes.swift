internal import Identity
internal import MariaDB

/// The account home.
enum AccountRoutes {
    static func show(_ visit: Visit) async throws -> Answer {
        let session = try await visit.requireSession()
        let core = visit.parts.core
        let context = visit.context(.user(session, via: nil))
        let user = try await core.users.get(session.userID, context)
        let sessions = try await core.sessions.list(session.userID, PageRequest(size: 1000), context).items
        let others = sessions.filter { $0.id != session.id }.sorted { $0.lastUsedAt > $1.lastUsedAt }
        let emails = user.identifiers.filter { $0.kind == .email }.sorted { $0.isPrimary && !$1.isPrimary }
        let page = AccountPage(
            layout: visit.layout(title: visit.texts["account.title"], width: .wide, signOut: true),
            text: visit.texts,
            formToken: visit.parts.formTokens.token(for: .session(visit.cookies[.session] ?? "")),
            notice: visit.noticeView,
            addresses: emails.map { .init(address: $0.value, isMain: $0.isPrimary && emails.count > 1) },
            current: view(session, visit),
            hasOthers: !others.isEmpty,
            others: others.map { view($0, visit) }
        )
        return visit.render(page)
    }

    private static func view(_ session: Session, _ visit: Visit) -> AccountPage.SessionView {
        let now = visit.parts.core.now()
        let device = DeviceWords.words(for: session.userAgent, visit.texts)
        var values = [
            "used": visit.texts.ago(now - session.lastUsedAt),
            "since": visit.texts.ago(now - session.createdAt),
        ]
        values["source"] = session.sourceAddress
        return AccountPage.SessionView(
            id: session.id.description,
            device: device,
            detail: visit.texts.text(session.sourceAddress == nil ? "account.detail" : "account.detail_from", values),
            endLabel: visit.texts.text("account.end_label", ["device": device])
        )
    }

    /// Ends one of one's own sessions; another's is left alone by the domain.
    static func endSession(_ visit: Visit) async throws -> Answer {
        let session = try await visit.requireSession()
        guard let id = SessionID(text: visit.form["session"]) else { throw PageRefusal.badRequest }
        try await visit.parts.core.sessions.revoke(id, visit.context(.user(session, via: nil)))
        return visit.redirect("/account", notice: Notice(.sessionEnded))
    }

    static func endOthers(_ visit: Visit) async throws -> Answer {
        let session = try await visit.requireSession()
        let context = visit.context(.user(session, via: nil))
        _ = try await visit.parts.core.sessions.revokeAll(of: session.userID, except: session.id, context)
        return visit.redirect("/account", notice: Notice(.othersEnded))
    }
}
