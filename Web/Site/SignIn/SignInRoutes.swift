internal import Cryptography
internal import Identity

/// The first step of signing in: an address is named, a code is sent.
enum SignInRoutes {
    /// The form; whoever is signed in goes on to where they wanted.
    ///
    /// A session cookie that is good for nothing is removed.
    static func show(_ visit: Visit) async throws -> Answer {
        guard visit.query["client"].isEmpty else { return try await HandOverRoutes.begin(visit) }
        let target = visit.returnTarget(visit.query["return_to"])
        let isSignedIn = try await visit.session() != nil
        // An application that sends somebody here who is signed in wants more than that.
        if isSignedIn, HandOverPath(target) == nil { return visit.redirect(target?.text ?? "/account") }
        let providers = try await visit.parts.core.externalLogins.buttons(visit.context())
        let answer = visit.render(page(visit, target, providers))
        return isSignedIn || visit.cookies[.session] == nil ? answer : answer.dropping(.session)
    }

    private static func page(_ visit: Visit, _ target: ReturnTarget?, _ providers: [ProviderButton]) -> SignInPage {
        let (texts, policy) = (visit.texts, visit.parts.core.policy)
        let (takesNames, takesPasskeys) = (policy.passwords.isEnabled, policy.passkeys.relyingParty != nil)
        let isWrong = visit.notice?.kind.field == "identifier"
        let phones = policy.sms.isEnabled ? "_phone" : ""
        return SignInPage(
            layout: visit.layout(
                title: texts["sign_in.title"],
                width: .narrow,
                isProblem: visit.notice?.kind.isProblem ?? false,
                scripts: takesPasskeys ? [.passkeys] : []
            ),
            text: texts,
            formToken: visit.browserToken,
            notice: visit.noticeView,
            fieldProblem: isWrong ? visit.fieldProblem : nil,
            identifier: visit.notice?.typed ?? "",
            returnTarget: target?.text ?? "",
            takesNames: takesNames,
            takesPhones: policy.sms.isEnabled && !takesNames,
            lead: texts["sign_in.lead" + (takesNames ? "_names" : phones)],
            label: texts[(takesNames ? "sign_in.name" : "sign_in.identifier") + phones],
            submitLabel: texts[takesNames ? "sign_in.continue" : "sign_in.button"],
            aside: takesNames ? nil : texts["sign_in.aside"],
            passkey: takesPasskeys
                ? PasskeyFormView(
                    "get",
                    actionPath: PasskeyAloneRoutes.path,
                    label: texts["sign_in.passkey"],
                    buttonClass: "second",
                    isAutofill: true,
                    returnTarget: target?.text ?? ""
                ) : nil,
            hasProviders: !providers.isEmpty,
            providers: providers.map { ProviderView($0, visit, textID: "sign_in.with") }
        )
    }

    /// The page again, for somebody who is to be led on.
    static func path(returningTo target: ReturnTarget?) -> String {
        "/sign-in" + (target.map { "?return_to=" + PercentDecoding.encode($0.text) } ?? "")
    }

    /// Begins a flow under a new handle, whatever the browser came with, and sends a code.
    static func identify(_ visit: Visit) async throws -> Answer {
        let typed = trimmed(visit.form["identifier"])
        let target = visit.returnTarget(visit.form["return_to"])
        let core = visit.parts.core
        do {
            let request = SignInRequest(
                identifier: typed,
                demand: HandOverPath(target)?.request.demand ?? .nothing,
                returnTarget: target?.text ?? ""
            )
            let started = try await core.signIn.begin(request, visit.context())
            if let old = visit.flowHandle {
                // The old flow ends by itself if this fails.
                try? await core.signIn.cancel(old, visit.context())
            }
            guard let handle = started.handle.validatedUTF8String() else { throw PageRefusal.forbidden }
            let place = SignInPlace.all(for: started.view).first ?? .code
            let origin = FlowOrigin(target: target?.text ?? "", typed: typed)
            return visit.handing(handle, of: started.view, from: origin, with: visit.redirect(place.rawValue))
        } catch let error as FlowError {
            guard case .invalidInput = error.code else { throw error }
            let kind = core.policy.sms.isEnabled ? Notice.Kind.identifierInvalid : .emailInvalid
            return visit.redirect(path(returningTo: target), notice: Notice(kind, typed: typed))
        }
    }

    /// Without white space around it, which keyboards add.
    private static func trimmed(_ text: String) -> String {
        let front = text.utf8.drop { $0 == 0x20 }
        return String(decoding: Array(front.reversed().drop { $0 == 0x20 }.reversed()), as: UTF8.self)
    }
}
