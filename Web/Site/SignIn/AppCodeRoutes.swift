internal import Cryptography
internal import Identity

/// A further step of signing in: what an authenticator app shows is typed.
enum AppCodeRoutes {
    static func show(_ visit: Visit) async throws -> Answer {
        let view = try await visit.flow(at: .app)
        let texts = visit.texts
        let page = AppCodePage(
            layout: visit.layout(
                title: texts["totp.title"],
                width: .narrow,
                isProblem: visit.notice?.kind.isProblem ?? false,
                scripts: [.passkeys]
            ),
            text: texts,
            formToken: visit.browserToken,
            notice: visit.noticeView,
            fieldProblem: visit.fieldProblem,
            mayRemember: !view.isConfirmation,
            submitLabel: texts[view.isConfirmation ? "confirm.submit" : "code.button"],
            ways: SignInWays(view, beside: .app, title: texts["ways.title"], hint: nil, sendLabel: nil, texts)
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
        return try await visit.goOn(after: outcome, at: .app, refusedAs: .appCodeRefused)
    }
}
