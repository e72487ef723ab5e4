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
            passkey: hasPasskeys
                ? PasskeyFormView(
                    "create",
                    actionPath: "/repair/passkey",
                    label: texts["repair.passkey"],
                    buttonClass: "second"
                ) : nil,
            links: []
        )
        return visit.render(page)
    }

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
