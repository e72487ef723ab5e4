internal import Cryptography
internal import Identity

/// A further step of signing in: what an authenticator app shows is typed.
enum AppCodeRoutes {
    static func show(_ visit: Visit) async throws -> Answer {
        let handle = try visit.requireFlow()
        let view = try await visit.parts.core.signIn.view(handle, visit.context())
        guard view.steps.contains(.totp) else { throw PageRefusal.signInOver }
        let texts = visit.texts
        let page = AppCodePage(
            layout: visit.layout(
                title: texts["totp.title"],
                width: .narrow,
                isProblem: visit.notice?.kind.isProblem ?? false
            ),
            text: texts,
            formToken: visit.browserToken,
            notice: visit.noticeView,
            fieldProblem: visit.fieldProblem,
            mayRemember: !view.isConfirmation,
            submitLabel: texts[view.isConfirmation ? "confirm.submit" : "code.button"],
            cancelLabel: texts[view.isConfirmation ? "confirm.cancel" : "code.cancel"]
        )
        return visit.render(page)
    }

    /// Checks the code; whatever is wrong with it is told in the same words.
    static func submit(_ visit: Visit) async throws -> Answer {
        let handle = try visit.requireFlow()
        let typed = visit.form["code"]
        guard typed.utf8.contains(where: { $0 != 0x20 }) else {
            return visit.redirect("/sign-in/app", notice: Notice(.appCodeMissing))
        }
        let outcome = try await visit.parts.core.signIn.submitTOTP(
            handle,
            code: SecretBytes(utf8: typed),
            remembersDevice: visit.form["remember"] == "yes",
            visit.context()
        )
        switch outcome {
        case .signedIn(let signedIn): return try await Welcome.answer(visit, signedIn)
        case .proceed: return visit.redirect("/sign-in/code")
        case .refused: return visit.redirect("/sign-in/app", notice: Notice(.appCodeRefused))
        }
    }
}
