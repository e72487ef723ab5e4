internal import Identity

/// Where a session leads that was begun with a recovery code, with a password that is too old, or without a factor that a
/// role demands: what is missing is set up here, and then the person signs in with it.
enum RepairRoutes {
    static let path = "/repair"

    static func show(_ visit: Visit) async throws -> Answer {
        let session = try await visit.requireAnySession()
        guard session.isRestricted else { return visit.redirect("/account") }
        let texts = visit.texts
        let isRecovering = session.methods.contains("recovery_code")
        let hasPasskeys = visit.parts.core.policy.passkeys.relyingParty != nil
        let isDone = visit.notice.map { !$0.kind.isProblem || $0.kind == .repairProofNeeded } ?? false
        let links = links(visit, session)
        let best = isDone || hasPasskeys && !isAboutPassword(session) ? nil : links.first
        let page = RepairPage(
            layout: visit.layout(
                title: texts["repair.title"],
                width: .narrow,
                isProblem: visit.notice?.kind.isProblem ?? false,
                scripts: [.passkeys]
            ),
            text: texts,
            formToken: visit.sessionFormToken,
            notice: visit.noticeView,
            lead: texts[isRecovering ? "repair.lead_recovered" : "repair.lead"],
            best: best,
            passkey: hasPasskeys
                ? PasskeyFormView(
                    "create",
                    actionPath: "/repair/passkey",
                    label: texts["repair.passkey"],
                    buttonClass: best == nil && !isDone ? "main" : "second"
                ) : nil,
            links: Array(links.dropFirst(best == nil ? 0 : 1)),
            hint: isRecovering ? texts["repair.codes_hint"] : nil,
            doneClass: isDone ? "main" : "second"
        )
        return visit.render(page)
    }

    /// What has pages of its own, which serve such a session, too; the best first.
    private static func links(_ visit: Visit, _ session: Session) -> [SignInWays.Link] {
        let texts = visit.texts
        let app = SignInWays.Link(wayPath: "/account/apps/add", label: texts["repair.app"])
        guard visit.parts.core.policy.passwords.isEnabled else { return [app] }
        let hasPassword = session.methods.contains("pwd")
        let label = texts[hasPassword ? "repair.change_password" : "repair.password"]
        let password = SignInWays.Link(wayPath: AccountArea.password.path, label: label)
        return isAboutPassword(session) ? [password, app] : [app, password]
    }

    /// Whoever got here with a password and nothing else got here because it is too old, or a role demands more.
    private static func isAboutPassword(_ session: Session) -> Bool { session.methods == ["pwd"] }

    static func options(_ visit: Visit) async throws -> Answer {
        try await visit.passkeyOptions(for: visit.requireAnySession())
    }

    static func addPasskey(_ visit: Visit) async throws -> Answer {
        let isAdded = try await visit.addPasskey(for: visit.requireAnySession())
        return visit.redirect(path, notice: Notice(isAdded ? .passkeySetUp : .passkeyNotSetUp))
    }

    /// Ends the session, so that the person signs in with what was set up.
    static func finish(_ visit: Visit) async throws -> Answer {
        if let token = visit.sessionToken { try await visit.parts.core.sessions.signOut(token: token, visit.context()) }
        return visit.redirect("/sign-in", notice: Notice(.repairOver)).dropping(.session)
    }
}
