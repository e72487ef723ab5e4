internal import Cryptography
internal import Identity
internal import MariaDB

/// The second step of signing in: the code that was sent is typed.
enum CodeRoutes {
    static func show(_ visit: Visit) async throws -> Answer {
        let view = try await visit.flow(at: .code)
        for step in view.steps {
            if case .code(let code) = step { return visit.render(page(visit, code, view)) }
        }
        throw PageRefusal.signInOver
    }

    private static func page(_ visit: Visit, _ code: CodeStep, _ view: SignInView) -> CodePage {
        let (texts, words) = (visit.texts, CodeWords(isBySMS: code.isBySMS))
        let wait = code.resendAt - visit.parts.core.now()
        let resend =
            wait > .zero
            ? texts.text(words.laterID, ["when": texts.ahead(wait)]) : texts[words.nowID]
        return CodePage(
            layout: visit.layout(
                title: texts["code.title"],
                width: .narrow,
                isProblem: visit.notice?.kind.isProblem ?? false,
                scripts: [.passkeys]
            ),
            text: texts,
            formToken: visit.browserToken,
            notice: visit.noticeView,
            fieldProblem: visit.fieldProblem,
            sentTo: texts.text(
                view.isConfirmation ? "confirm.sent_to" : "code.sent_to",
                ["address": code.maskedAddress]
            ),
            label: texts[words.labelID],
            hint: texts.text(words.hintID, ["length": "\(code.length)"]),
            isNumeric: words == .sms,
            submitLabel: texts[view.isConfirmation ? "confirm.submit" : "code.button"],
            ways: SignInWays(
                view,
                beside: .code,
                title: texts["code.others"],
                hint: resend,
                sendLabel: texts["code.resend"],
                texts
            )
        )
    }

    /// Checks the code.
    ///
    /// A wrong one, one too many and one too late are told in the same words.
    static func submit(_ visit: Visit) async throws -> Answer {
        let handle = try visit.requireFlow()
        let typed = visit.form["code"]
        guard typed.utf8.contains(where: { $0 != 0x20 }) else {
            return visit.redirect("/sign-in/code", notice: Notice(.codeMissing))
        }
        let code = SecretBytes(utf8: typed)
        let outcome = try await visit.parts.core.signIn.submitCode(handle, code: code, visit.context())
        return try await visit.goOn(after: outcome, at: .code, refusedAs: .codeRefused)
    }

    static func resend(_ visit: Visit) async throws -> Answer {
        let handle = try visit.requireFlow()
        do {
            _ = try await visit.parts.core.signIn.sendCode(handle, visit.context())
            return visit.redirect("/sign-in/code", notice: Notice(.codeSentAgain))
        } catch {
            guard case .throttled = error.code else { throw error }
            return visit.redirect("/sign-in/code", notice: Notice(.codeTooEarly))
        }
    }

    /// Ends the flow; whoever wants another address begins again with where this one was to lead.
    static func cancel(_ visit: Visit) async throws -> Answer {
        let signIn = visit.parts.core.signIn
        var view: SignInView?
        if let handle = visit.flowHandle {
            // Of one that is over, the browser alone knows where it came from.
            view = try? await signIn.view(handle, visit.context())
            try await signIn.cancel(handle, visit.context())
        }
        return visit.redirect(visit.pathAfterGivingUp(view)).dropping(.flow)
    }
}
