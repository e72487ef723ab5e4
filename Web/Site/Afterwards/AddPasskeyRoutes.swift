internal import Identity

/// "Add a passkey?" after a sign-in without one.
///
/// Whoever says no is not asked again for a while on this browser: whether it can keep passkeys is a matter of the browser,
/// so it is what remembers the answer.
enum AddPasskeyRoutes {
    static let path = "/sign-in/add-passkey"
    /// How long a no counts.
    private static let silence = Duration.seconds(90 * 86_400)

    /// Whether to ask: the browser said that it can, nobody said no, and there is none yet.
    static func isDue(_ visit: Visit, after signedIn: SignedIn) async throws -> Bool {
        let core = visit.parts.core
        guard visit.form["passkeys"] == "yes", visit.cookies[.passkeyOffer] == nil, !signedIn.isConfirmation,
            !signedIn.session.isRestricted, !signedIn.reasons.contains(.deviceRemembered),
            core.policy.passkeys.relyingParty != nil
        else { return false }
        let context = visit.context(.user(signedIn.session, via: nil))
        return try await core.passkeys.list(signedIn.session.userID, context).isEmpty
    }

    static func path(returningTo target: String) -> String {
        path + "?return_to=" + PercentDecoding.encode(target)
    }

    static func show(_ visit: Visit) async throws -> Answer {
        let session = try await visit.requireSession()
        // Asked here, since the script that asks for options can be led nowhere but to this page.
        try await visit.parts.core.callers.requireStrongestProof(visit.context(.user(session, via: nil)))
        let texts = visit.texts
        let target = visit.returnTarget(visit.query["return_to"])?.text ?? "/account"
        let page = AddPasskeyPage(
            layout: visit.layout(title: texts["offer.title"], width: .narrow, scripts: [.passkeys]),
            text: texts,
            formToken: visit.sessionFormToken,
            notice: visit.noticeView,
            passkey: PasskeyFormView(
                "create",
                actionPath: path,
                label: texts["offer.button"],
                buttonClass: "main",
                returnTarget: target
            ),
            returnTarget: target
        )
        return visit.render(page)
    }

    static func options(_ visit: Visit) async throws -> Answer {
        try await visit.passkeyOptions(for: visit.requireSession())
    }

    static func finish(_ visit: Visit) async throws -> Answer {
        let target = visit.returnTarget(visit.form["return_to"])?.text ?? "/account"
        let isAdded = try await visit.addPasskey(for: visit.requireSession())
        return isAdded
            ? visit.redirect(target, notice: Notice(.passkeySetUp))
            : visit.redirect(path(returningTo: target), notice: Notice(.passkeyNotSetUp))
    }

    static func skip(_ visit: Visit) async throws -> Answer {
        let target = visit.returnTarget(visit.form["return_to"])?.text ?? "/account"
        return visit.redirect(target).setting(.passkeyOffer, to: "no", for: silence)
    }
}

extension Visit {
    /// What the browser makes a passkey by, for the person of a session.
    func passkeyOptions(for session: Session) async throws -> Answer {
        .json(try await parts.core.passkeys.beginRegistration(context(.user(session, via: nil))).json)
    }

    /// Keeps the passkey that the browser made, under the name of this browser; false when it is not taken.
    func addPasskey(for session: Session) async throws -> Bool {
        let name = DeviceWords.name(of: userAgent, texts) ?? texts["passkey.name"]
        do {
            let context = context(.user(session, via: nil))
            _ = try await parts.core.passkeys.finishRegistration(Array(form["response"].utf8), name: name, context)
            return true
        } catch {
            switch error.code {
            case .alreadyExists, .failedPrecondition, .invalidInput: return false
            default: throw error
            }
        }
    }
}
