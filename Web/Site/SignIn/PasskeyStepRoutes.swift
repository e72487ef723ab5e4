internal import Cryptography
internal import Identity

/// A passkey as a step of the sign-in under way.
enum PasskeyStepRoutes {
    static func show(_ visit: Visit) async throws -> Answer {
        let view = try await visit.flow(at: .passkey)
        let texts = visit.texts
        let page = PasskeyStepPage(
            layout: visit.layout(
                title: texts["passkey.title"],
                width: .narrow,
                isProblem: visit.notice?.kind.isProblem ?? false,
                scripts: [.passkeys]
            ),
            text: texts,
            formToken: visit.browserToken,
            notice: visit.noticeView,
            passkey: .ofFlow(label: texts["passkey.button"], buttonClass: "main"),
            ways: SignInWays(
                view,
                beside: .passkey,
                title: texts["ways.title"],
                hint: nil,
                sendLabel: nil,
                texts
            )
        )
        return visit.render(page)
    }

    /// What the browser asks the passkey; its challenge is good once, for this very flow.
    static func options(_ visit: Visit) async throws -> Answer {
        .json(try await visit.parts.core.signIn.beginPasskey(visit.requireFlow(), visit.context()).json)
    }

    /// Checks what the passkey answered.
    static func submit(_ visit: Visit) async throws -> Answer {
        let handle = try visit.requireFlow()
        let places = SignInPlace.all(for: try await visit.parts.core.signIn.view(handle, visit.context()))
        // Told where the person was, which is the page for the best way and not for passkeys if there is another.
        let place = places.first ?? .passkey
        guard let outcome = try await visit.submitPasskey(handle) else {
            return visit.redirect(place.rawValue, notice: Notice(.passkeyFailed))
        }
        return try await visit.goOn(after: outcome, at: place, refusedAs: .passkeyFailed)
    }
}

extension Visit {
    /// What became of the answer in the form; nil for what is none.
    func submitPasskey(_ handle: SecretBytes) async throws -> SignInOutcome? {
        do {
            return try await parts.core.signIn.submitPasskey(handle, response: Array(form["response"].utf8), context())
        } catch {
            guard case .invalidInput = error.code else { throw error }
            return nil
        }
    }
}
