internal import Cryptography
internal import Identity
internal import MariaDB

/// The second step of signing in: the code that was sent is typed.
enum CodeRoutes {
    static func show(_ visit: Visit) async throws -> Answer {
        guard let flow = FlowCookie(visit.cookies[.flow]), let handle = flow.handle else {
            throw PageRefusal.signInOver
        }
        let view = try await visit.parts.core.signIn.view(handle, visit.context())
        for step in view.steps {
            if case .code(let code) = step {
                return visit.render(page(visit, code, flow, isConfirmation: view.isConfirmation))
            }
        }
        throw PageRefusal.signInOver
    }

    private static func page(
        _ visit: Visit,
        _ code: CodeStep,
        _ flow: FlowCookie,
        isConfirmation: Bool
    ) -> CodePage {
        let texts = visit.texts
        let wait = code.resendAt - visit.parts.core.now()
        let resend =
            wait > .zero
            ? texts.text("code.others_later", ["when": texts.ahead(wait)]) : texts["code.others_now"]
        return CodePage(
            layout: visit.layout(
                title: texts["code.title"],
                width: .narrow,
                isProblem: visit.notice?.kind.isProblem ?? false
            ),
            text: texts,
            formToken: visit.parts.formTokens.token(for: .flow(flow.value)),
            notice: visit.noticeView,
            fieldProblem: visit.fieldProblem,
            sentTo: texts.text(
                isConfirmation ? "confirm.sent_to" : "code.sent_to",
                ["address": code.maskedAddress]
            ),
            hint: texts.text("code.hint", ["length": "\(code.length)"]),
            resendHint: resend,
            submitLabel: texts[isConfirmation ? "confirm.submit" : "code.button"],
            cancelLabel: texts[isConfirmation ? "confirm.cancel" : "code.cancel"]
        )
    }

    /// Checks the code.
    ///
    /// A wrong one, one too many and one too late are told in the same words.
    static func submit(_ visit: Visit) async throws -> Answer {
        let handle = try handle(visit)
        let typed = visit.form["code"]
        guard typed.utf8.contains(where: { $0 != 0x20 }) else {
            return visit.redirect("/sign-in/code", notice: Notice(.codeMissing))
        }
        let code = SecretBytes(utf8: typed)
        switch try await visit.parts.core.signIn.submitCode(handle, code: code, visit.context()) {
        case .signedIn(let signedIn): return try await welcome(visit, signedIn)
        case .proceed: return visit.redirect("/sign-in/code")
        case .refused: return visit.redirect("/sign-in/code", notice: Notice(.codeRefused))
        }
    }

    /// Hands out the session; another one that this browser had before ends, and its cookies with it.
    private static func welcome(_ visit: Visit, _ signedIn: SignedIn) async throws -> Answer {
        let core = visit.parts.core
        if !signedIn.isConfirmation, let old = visit.sessionToken {
            try await core.sessions.signOut(token: old, visit.context())
        }
        guard let token = signedIn.token.validatedUTF8String() else { throw PageRefusal.forbidden }
        let target = visit.returnTarget(signedIn.returnTarget)?.text ?? "/account"
        let answer = visit.redirect(target, notice: signedIn.isConfirmation ? Notice(.confirmed) : nil)
            .setting(.session, to: token, for: signedIn.session.expiresAt - core.now())
            .dropping(.flow)
        guard let device = signedIn.deviceToken, let known = visit.devices.adding(device).validatedUTF8String() else {
            return answer
        }
        return answer.setting(.device, to: known, for: core.deviceLifetime)
    }

    static func resend(_ visit: Visit) async throws -> Answer {
        let handle = try handle(visit)
        do {
            _ = try await visit.parts.core.signIn.sendCode(handle, visit.context())
            return visit.redirect("/sign-in/code", notice: Notice(.codeSentAgain))
        } catch {
            guard case .throttled = error.code else { throw error }
            return visit.redirect("/sign-in/code", notice: Notice(.codeTooEarly))
        }
    }

    static func cancel(_ visit: Visit) async throws -> Answer {
        if let handle = FlowCookie(visit.cookies[.flow])?.handle {
            try await visit.parts.core.signIn.cancel(handle, visit.context())
        }
        return visit.redirect("/sign-in").dropping(.flow)
    }

    private static func handle(_ visit: Visit) throws -> SecretBytes {
        guard let handle = FlowCookie(visit.cookies[.flow])?.handle else { throw PageRefusal.signInOver }
        return handle
    }
}
