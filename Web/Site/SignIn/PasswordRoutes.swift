internal import Cryptography
internal import Identity

/// A step of signing in where people do so with passwords.
enum PasswordRoutes {
    private static let path = SignInPlace.password.rawValue

    static func show(_ visit: Visit) async throws -> Answer {
        let view = try await visit.flow(at: .password)
        let texts = visit.texts
        let codeAddress = view.steps.lazy.compactMap(\.addressOfCode).first
        let page = PasswordPage(
            layout: visit.layout(
                title: texts["password.title"],
                width: .narrow,
                isProblem: visit.notice?.kind.isProblem ?? false,
                scripts: [.passkeys, .passwords]
            ),
            text: texts,
            formToken: visit.browserToken,
            notice: visit.noticeView,
            fieldProblem: visit.fieldProblem,
            name: visit.flowOrigin.flatMap { $0.typed.isEmpty ? nil : $0.typed },
            takesPassword: view.steps.contains(.password),
            submitLabel: texts[view.isConfirmation ? "confirm.submit" : "code.button"],
            mayForget: view.steps.contains(.password) && codeAddress != nil && !view.isConfirmation,
            ways: SignInWays(
                view,
                beside: .password,
                title: texts["password.others"],
                hint: codeAddress.map { texts.text("password.code_lead", ["address": $0]) },
                sendLabel: codeAddress == nil ? nil : texts["password.send"],
                texts
            )
        )
        return visit.render(page)
    }

    /// Checks the password; whatever is wrong, with it or with the account, is told in the same words.
    static func submit(_ visit: Visit) async throws -> Answer {
        let handle = try visit.requireFlow()
        let typed = visit.form["password"]
        guard !typed.utf8.isEmpty else { return visit.redirect(path, notice: Notice(.passwordMissing)) }
        do {
            let password = SecretBytes(utf8: typed)
            let outcome = try await visit.parts.core.signIn.submitPassword(handle, password: password, visit.context())
            return try await visit.goOn(after: outcome, at: .password, refusedAs: .passwordRefused)
        } catch let error as FlowError {
            switch error.code {
            case .invalidInput: return visit.redirect(path, notice: Notice(.passwordRefused))
            case .throttled: return visit.redirect(path, notice: Notice(.passwordBusy))
            default: throw error
            }
        }
    }

    /// Has a code sent; after the proof, and whatever else signing in asks for, another password is set (SECURITY PW-13,
    /// REC-03).
    static func forget(_ visit: Visit) async throws -> Answer {
        let answer = try await CodeRoutes.resend(visit)
        return answer.setting(.goal, to: Welcome.newPassword, for: visit.parts.core.policy.flowLifetime)
    }
}

extension SignInStep {
    /// Where a code would go, masked.
    fileprivate var addressOfCode: String? {
        if case .sendCode(let address) = self { address } else { nil }
    }
}
