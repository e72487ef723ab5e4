internal import Identity
internal import MariaDB

/// Sessions and the devices they were begun on.
enum SessionRoutes {
    static func show(_ account: AccountVisit) async throws -> Answer {
        let request = PageRequest(size: 1000)
        let sessions = try await account.core.sessions.list(account.session.userID, request, account.context).items
        let others = sessions.filter { $0.id != account.session.id }.sorted { $0.lastUsedAt > $1.lastUsedAt }
        let names = try await names(of: Set(others.compactMap(\.applicationID)), account)
        let content = SessionsContent(
            current: view(account.session, nil, account.visit),
            hasOthers: !others.isEmpty,
            others: others.map { view($0, $0.applicationID.flatMap { names[$0] }, account.visit) }
        )
        return account.page(content, in: .sessions)
    }

    private static func names(
        of applications: Set<ApplicationID>,
        _ account: AccountVisit
    ) async throws -> [ApplicationID: String] {
        var names: [ApplicationID: String] = [:]
        for id in applications { names[id] = try await account.core.applications.name(of: id, account.context) }
        return names
    }

    private static func view(
        _ session: Session,
        _ application: String?,
        _ visit: Visit
    ) -> SessionsContent.SessionView {
        let now = visit.parts.core.now()
        let device = DeviceWords.words(for: session.userAgent, visit.texts)
        var values = [
            "used": visit.texts.ago(now - session.lastUsedAt),
            "since": visit.texts.ago(now - session.createdAt),
        ]
        values["source"] = session.sourceAddress
        return SessionsContent.SessionView(
            id: session.id.description,
            device: device,
            application: application.map { visit.texts.text("account.session_of", ["application": $0]) },
            detail: visit.texts.text(session.sourceAddress == nil ? "account.detail" : "account.detail_from", values),
            endLabel: visit.texts.text("account.end_label", ["device": device])
        )
    }

    /// Ends one of one's own sessions; another's is left alone by the domain.
    static func end(_ account: AccountVisit) async throws -> Answer {
        guard let id = SessionID(text: account.form["session"]) else { throw PageRefusal.badRequest }
        try await account.core.sessions.revoke(id, account.context)
        return account.visit.redirect(AccountArea.sessions.path, notice: Notice(.sessionEnded))
    }

    static func endOthers(_ account: AccountVisit) async throws -> Answer {
        let session = account.session
        _ = try await account.core.sessions.revokeAll(of: session.userID, except: session.id, account.context)
        return account.visit.redirect(AccountArea.sessions.path, notice: Notice(.othersEnded))
    }
}
