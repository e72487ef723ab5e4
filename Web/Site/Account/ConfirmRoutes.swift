internal import Cryptography
internal import Identity

/// A new proof of identity by whoever is signed in (step-up).
enum ConfirmRoutes {
    /// What it is for; nobody who is signed out has a use for it.
    static func show(_ visit: Visit) async throws -> Answer {
        _ = try await visit.requireSession()
        let page = ConfirmPage(
            layout: visit.layout(
                title: visit.texts["confirm.title"],
                width: .narrow,
                signOut: true,
                isProblem: visit.notice?.kind.isProblem ?? false
            ),
            text: visit.texts,
            formToken: visit.parts.formTokens.token(for: .session(visit.cookies[.session] ?? "")),
            notice: visit.noticeView,
            returnTarget: target(visit.query["return_to"])
        )
        return visit.render(page)
    }

    /// The page, leading on to `target` afterwards.
    static func path(returningTo target: ReturnTarget?) -> String {
        "/account/confirm" + (target.map { "?return_to=" + PercentDecoding.encode($0.text) } ?? "")
    }

    /// Where to go on afterwards: what was being done, if it is a page of this site.
    private static func target(_ text: String) -> String {
        ReturnTarget(text)?.text ?? "/account"
    }

    /// Sends a code; it goes on where a sign-in does, and comes back to what was being done.
    static func begin(_ visit: Visit) async throws -> Answer {
        guard let token = visit.sessionToken else { throw PageRefusal.signInNeeded }
        let core = visit.parts.core
        let started: StartedSignIn
        do {
            started = try await core.signIn.beginStepUp(
                session: token,
                returnTarget: target(visit.form["return_to"]),
                visit.context()
            )
        } catch  where error.reason == .stepUpImpossible {
            return visit.redirect("/account", notice: Notice(.stepUpImpossible))
        }
        if let old = visit.flowHandle {
            // The old flow ends by itself if this fails.
            try? await core.signIn.cancel(old, visit.context())
        }
        guard let handle = started.handle.validatedUTF8String() else { throw PageRefusal.forbidden }
        let origin = FlowOrigin(isConfirmation: true, target: started.view.returnTarget)
        return visit.handing(handle, of: started.view, from: origin, with: visit.redirect("/sign-in/code"))
    }
}
