internal import Cryptography
internal import Identity

/// A new proof of identity by whoever is signed in (step-up).
enum ConfirmRoutes {
    static let path = "/account/confirm"

    /// What it is for; nobody who is signed out has a use for it.
    static func show(_ visit: Visit) async throws -> Answer {
        let account: AccountVisit
        do {
            account = try await AccountVisit(visit)
        } catch PageRefusal.repairNeeded {
            // Such a session is never proved anew: it ends, and another sign-in begins.
            return visit.redirect(RepairRoutes.path, notice: Notice(.repairProofNeeded))
        }
        let summary = try await AccountSummary(account)
        // Nobody who has an address needs them.
        let providers =
            summary.hasProvedAddress ? [] : try await account.core.externalLogins.buttonsToConfirm(account.context)
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
            returnTarget: target(visit.query["return_to"]),
            hasProviders: !providers.isEmpty,
            providers: providers.map { ProviderView($0, visit, textID: "confirm.with") },
            hasOtherWays: summary.hasSecondFactor || summary.hasPassword
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
        let core = visit.parts.core
        guard let started = try await start(visit) else {
            return visit.redirect("/account", notice: Notice(.stepUpImpossible))
        }
        guard visit.form["provider"].isEmpty else { return try await ExternalRoutes.confirm(visit, started) }
        if let old = visit.flowHandle {
            // The old flow ends by itself if this fails.
            try? await core.signIn.cancel(old, visit.context())
        }
        guard let handle = started.handle.validatedUTF8String() else { throw PageRefusal.forbidden }
        let origin = FlowOrigin(isConfirmation: true, target: started.view.returnTarget)
        let place = visit.redirect(SignInPlace.all(for: started.view).first?.rawValue ?? path)
        return visit.handing(handle, of: started.view, from: origin, with: place)
    }

    /// A flow that proves the session anew; nil when there is nothing that its user could prove.
    private static func start(_ visit: Visit) async throws -> StartedSignIn? {
        guard let token = visit.sessionToken else { throw PageRefusal.signInNeeded }
        let target = target(visit.form["return_to"])
        do {
            return try await visit.parts.core.signIn.beginStepUp(session: token, returnTarget: target, visit.context())
        } catch {
            guard error.reason == .stepUpImpossible else { throw error }
            return nil
        }
    }
}
