internal import Cryptography
internal import Identity
internal import MariaDB

/// A new proof of identity by whoever is signed in (step-up).
enum ConfirmRoutes {
    /// What it is for; nobody who is signed out has a use for it.
    static func show(_ visit: Visit) async throws -> Answer {
        do {
            _ = try await visit.requireSession()
        } catch PageRefusal.repairNeeded {
            // Such a session is never proved anew: it ends, and another sign-in begins.
            return visit.redirect(RepairRoutes.path, notice: Notice(.repairProofNeeded))
        }
        let page = ConfirmPage(
            layout: visit.layout(title: visit.texts["confirm.title"], width: .narrow, signOut: true),
            text: visit.texts,
            formToken: visit.parts.formTokens.token(for: .session(visit.cookies[.session] ?? "")),
            notice: visit.noticeView,
            returnTarget: target(visit.query["return_to"])
        )
        return visit.render(page)
    }

    /// Where to go on afterwards: what was being done, if it is a page of this site.
    private static func target(_ text: String) -> String {
        ReturnTarget(text)?.text ?? "/account"
    }

    /// Sends a code; it goes on where a sign-in does, and comes back to what was being done.
    static func begin(_ visit: Visit) async throws -> Answer {
        guard let token = visit.sessionToken else { throw PageRefusal.signInNeeded }
        let core = visit.parts.core
        let started = try await core.signIn.beginStepUp(
            session: token,
            returnTarget: target(visit.form["return_to"]),
            visit.context()
        )
        if let old = visit.flowHandle {
            // The old flow ends by itself if this fails.
            try? await core.signIn.cancel(old, visit.context())
        }
        guard let handle = started.handle.validatedUTF8String() else { throw PageRefusal.forbidden }
        return visit.redirect("/sign-in/code")
            .setting(.flow, to: handle, for: started.view.expiresAt - core.now())
    }
}
