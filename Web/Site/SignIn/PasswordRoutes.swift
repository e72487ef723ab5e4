internal import Cryptography
internal import Identity

/// A step of signing in where people do so with passwords.
enum PasswordRoutes {
    static func show(_ visit: Visit) async throws -> Answer {
        let handle = try visit.requireFlow()
        let view = try await visit.parts.core.signIn.view(handle, visit.context())
        let ways = PasswordPage.Ways(view)
        guard ways.isAny else { throw PageRefusal.signInOver }
        let texts = visit.texts
        let page = PasswordPage(
            layout: visit.layout(
                title: texts["password.title"],
                width: .narrow,
                isProblem: visit.notice?.kind.isProblem ?? false
            ),
            text: texts,
            formToken: visit.browserToken,
            notice: visit.noticeView,
            fieldProblem: visit.fieldProblem,
            takesPassword: ways.takesPassword,
            codeLead: ways.codeAddress.map { texts.text("password.code_lead", ["address": $0]) },
            submitLabel: texts[view.isConfirmation ? "confirm.submit" : "code.button"],
            cancelLabel: texts[view.isConfirmation ? "confirm.cancel" : "code.cancel"]
        )
        return visit.render(page)
    }

    /// Checks the password; whatever is wrong, with it or with the account, is told in the same words.
    static func submit(_ visit: Visit) async throws -> Answer {
        let handle = try visit.requireFlow()
        let typed = visit.form["password"]
        guard !typed.utf8.isEmpty else {
            return visit.redirect("/sign-in/password", notice: Notice(.passwordMissing))
        }
        do {
            let password = SecretBytes(utf8: typed)
            switch try await visit.parts.core.signIn.submitPassword(handle, password: password, visit.context()) {
            case .signedIn(let signedIn): return try await Welcome.answer(visit, signedIn)
            case .proceed: return visit.redirect("/sign-in/code")
            case .refused: return visit.redirect("/sign-in/password", notice: Notice(.passwordRefused))
            }
        } catch let error as FlowError {
            switch error.code {
            case .invalidInput: return visit.redirect("/sign-in/password", notice: Notice(.passwordRefused))
            case .throttled: return visit.redirect("/sign-in/password", notice: Notice(.passwordBusy))
            default: throw error
            }
        }
    }
}
